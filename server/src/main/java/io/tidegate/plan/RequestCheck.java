package io.tidegate.plan;

import io.tidegate.model.Model;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What requests with this path and method must look like, and the replies of a server behind.
///
/// @param method absent means any
/// @param contentTypes without parameters; none means any
/// @param headers what is not there is not judged; `params` and `query` alike
public record RequestCheck(
    Pattern path,
    Optional<String> method,
    List<String> contentTypes,
    Map<String, Model> headers,
    Map<String, Model> params,
    Map<String, Model> query,
    Optional<Model> content,
    List<ReplyCheck> replies) {
  public RequestCheck {
    contentTypes = List.copyOf(contentTypes);
    headers = Map.copyOf(headers);
    params = Map.copyOf(params);
    query = Map.copyOf(query);
    replies = List.copyOf(replies);
  }

  /// What replies must look like.
  ///
  /// @param statuses none means any
  /// @param contentTypes without parameters; none means any
  public record ReplyCheck(
      List<Integer> statuses,
      List<String> contentTypes,
      Map<String, Model> headers,
      Optional<Model> content) {
    public ReplyCheck {
      statuses = List.copyOf(statuses);
      contentTypes = List.copyOf(contentTypes);
      headers = Map.copyOf(headers);
    }
  }
}
