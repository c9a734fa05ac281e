package io.tidegate.bridge;

import io.tidegate.http.Handler;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import java.util.Map;

/// What one route does with a request that matched it. On the event loop; never blocks.
interface TopicAction {

  /// @param params the named groups of the path pattern that matched
  void handle(Request request, Map<String, String> params, Responder responder);

  /// Bodies beyond this are refused before they are read.
  default long bodyLimit(Request head, Map<String, String> params) {
    return Handler.DEFAULT_BODY_LIMIT;
  }
}
