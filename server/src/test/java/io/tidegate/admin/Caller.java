package io.tidegate.admin;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.http.Router;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Asks a router as the operator's listener does: by the head first.
final class Caller {
  private Caller() {}

  /// @param target a path, and a query behind `?`
  static Request request(String method, String target, String body, Headers headers) {
    var mark = target.indexOf('?');
    return new Request(
        "r-1",
        "http",
        "127.0.0.1:7115",
        method,
        mark < 0 ? target : target.substring(0, mark),
        mark < 0 ? "" : target.substring(mark + 1),
        headers,
        Bytes.utf8(body),
        "127.0.0.1",
        Map.of());
  }

  static Headers bearer(String key) {
    return key.isEmpty() ? Headers.NONE : Headers.of("authorization", "Bearer " + key);
  }

  static Reply ask(Router router, Request request) {
    var answer = new CompletableFuture<Reply>();
    router.route(request.withBody(Bytes.EMPTY)).handle(request, new Keep(answer));
    return answer.orTimeout(20, TimeUnit.SECONDS).join();
  }

  private record Keep(CompletableFuture<Reply> answer) implements Responder {
    @Override
    public void reply(Reply reply) {
      answer.complete(reply);
    }

    @Override
    public Outflow open(int status, Headers headers) {
      throw new AssertionError("nothing here streams");
    }

    @Override
    public void onGone(Runnable action) {}
  }
}
