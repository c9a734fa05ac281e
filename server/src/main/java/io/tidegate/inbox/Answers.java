package io.tidegate.inbox;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;

/// What is said when all is well.
final class Answers {
  private static final Headers JSON = Headers.of("content-type", "application/json");
  private static final Headers DUPLICATE = JSON.with("x-duplicate", "true");

  static Reply stored(Endpoint endpoint, String id) {
    return isCustom(endpoint) ? custom(endpoint, 200) : new Reply(200, JSON, body(id));
  }

  static Reply queued(Endpoint endpoint, String id) {
    return isCustom(endpoint) ? custom(endpoint, 202) : new Reply(202, JSON, body(id));
  }

  static Reply duplicate(Endpoint endpoint, String id) {
    if (isCustom(endpoint)) {
      var reply = custom(endpoint, 200);
      return new Reply(reply.status(), reply.headers().with("x-duplicate", "true"), reply.body());
    }
    return new Reply(200, DUPLICATE, body(id));
  }

  private static boolean isCustom(Endpoint endpoint) {
    var answer = endpoint.answer();
    return answer.status().isPresent() || !answer.body().isEmpty();
  }

  private static Reply custom(Endpoint endpoint, int usual) {
    var answer = endpoint.answer();
    var headers =
        answer.contentType().isEmpty()
            ? Headers.NONE
            : Headers.of("content-type", answer.contentType());
    return new Reply(answer.status().orElse(usual), headers, Bytes.utf8(answer.body()));
  }

  private static Bytes body(String id) {
    return Bytes.utf8("{\"id\":\"" + id + "\"}");
  }
}
