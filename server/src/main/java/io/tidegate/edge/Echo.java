package io.tidegate.edge;

import io.tidegate.http.Handler;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;

/// Sends a request's body back as the reply. A small one is read first; a large one, or one of
/// unknown size, flows through.
final class Echo {
  private Echo() {}

  /// The whole body, sent back.
  static Reply reply(Request request) {
    return new Reply(
        200, request.headers().without(name -> !name.equals("content-type")), request.body());
  }

  static void answer(Exchange exchange, Request request) {
    var headers = request.headers().without(name -> !name.equals("content-type"));
    var body = exchange.body();
    if (body == null) {
      exchange.reply(Reply.of(200, headers));
      return;
    }
    exchange.invite();
    if (exchange.head().length >= 0 && exchange.head().length <= Handler.DEFAULT_BODY_LIMIT) {
      body.collect(
          Handler.DEFAULT_BODY_LIMIT, bytes -> exchange.reply(new Reply(200, headers, bytes)));
    } else {
      stream(exchange, body, headers);
    }
  }

  private static void stream(Exchange exchange, BodyReader body, Headers headers) {
    var pipe = new ReplyPipe(exchange, body::pause, body::resume);
    pipe.start(200, headers, exchange.head().length);
    body.stream(pipe::write, pipe::end);
  }
}
