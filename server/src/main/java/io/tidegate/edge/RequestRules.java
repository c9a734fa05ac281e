package io.tidegate.edge;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Request;
import io.tidegate.model.Model;
import io.tidegate.model.Verdict;
import io.tidegate.plan.RequestCheck;
import io.tidegate.plan.RequestCheck.ReplyCheck;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What requests must look like. The head is judged at once; what the body must look like is handed
/// on with the rule.
final class RequestRules {
  static final RequestRules NONE = new RequestRules(List.of());

  private final List<RequestCheck> checks;

  RequestRules(List<RequestCheck> checks) {
    this.checks = checks;
  }

  /// The rule for this request; null when there is none.
  ///
  /// @param hasBody a body was announced
  /// @throws Problem.Refusal when its head breaks the rule
  @Nullable Rule judge(Request request, boolean hasBody) {
    if (checks.isEmpty()) {
      return null;
    }
    boolean isOtherType = false;
    var type = mediaType(request.headers());
    for (var check : checks) {
      var params = check.path().match(request.path());
      if (params.isEmpty() || !takes(check, request.method())) {
        continue;
      }
      if (!check.contentTypes().isEmpty() && !check.contentTypes().contains(type)) {
        isOtherType = true;
        continue;
      }
      judge(check, params.get(), request);
      return new Rule(check);
    }
    if (isOtherType && (hasBody || !type.isEmpty())) {
      throw Problem.of(400, "invalid_content_type", "This path takes another content type.")
          .refuse();
    }
    return null;
  }

  private static boolean takes(RequestCheck check, String method) {
    return check.method().isEmpty() || check.method().get().equals(method);
  }

  /// Without parameters; empty when there is none.
  private static String mediaType(Headers headers) {
    var type = headers.first("content-type").orElse("");
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(java.util.Locale.ROOT);
  }

  private static void judge(RequestCheck check, Map<String, String> params, Request request) {
    check
        .headers()
        .forEach((name, model) ->
            request.headers().joined(name).ifPresent(it -> demand("header", name, model, it)));
    check
        .params()
        .forEach((name, model) -> {
          var value = params.get(name);
          if (value != null) {
            demand("path parameter", name, model, decoded(value));
          }
        });
    check
        .query()
        .forEach((name, model) ->
            QueryText.first(request.query(), name)
                .ifPresent(it -> demand("query parameter", name, model, it)));
  }

  private static String decoded(String segment) {
    return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static void demand(String what, String name, Model model, String value) {
    if (model.toStored(Bytes.utf8(value)) instanceof Verdict.Misfit(var why)) {
      throw Problem.of(
              400, "invalid_request", "The " + what + " '" + name + "' does not fit: " + why)
          .refuse();
    }
  }

  /// The rule that a request is under.
  record Rule(RequestCheck check) {

    boolean hasContent() {
      return check.content().isPresent();
    }

    /// What is wrong with the body, if anything.
    Optional<Problem> judge(Bytes body) {
      return check
                  .content()
                  .map(model -> model.toStored(body))
                  .orElseGet(() -> new Verdict.Fits(body))
              instanceof Verdict.Misfit(var why)
          ? Optional.of(Problem.of(400, "invalid_content", "The body does not fit: " + why))
          : Optional.empty();
    }

    /// The rule for such a reply, null when there is none.
    @Nullable ReplyCheck reply(int status, Headers headers) {
      var type = mediaType(headers);
      for (var reply : check.replies()) {
        if ((reply.statuses().isEmpty() || reply.statuses().contains(status))
            && (reply.contentTypes().isEmpty() || reply.contentTypes().contains(type))) {
          return reply;
        }
      }
      return null;
    }
  }

  /// The name of a header of the reply that does not fit, if there is one.
  static Optional<String> unfit(ReplyCheck check, Headers headers) {
    for (var rule : check.headers().entrySet()) {
      var value = headers.joined(rule.getKey());
      if (value.isPresent()
          && rule.getValue().toStored(Bytes.utf8(value.get())) instanceof Verdict.Misfit) {
        return Optional.of(rule.getKey());
      }
    }
    return Optional.empty();
  }
}
