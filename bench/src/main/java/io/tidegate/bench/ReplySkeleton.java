package io.tidegate.bench;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;

/// The limit of a read: the same reply to everything, from memory.
final class ReplySkeleton extends VerticleBase {

  private final int port;
  private final Buffer body;

  ReplySkeleton(int port, int bytes) {
    this.port = port;
    this.body = Buffer.buffer("x".repeat(bytes));
  }

  @Override
  public Future<?> start() {
    return vertx
        .createHttpServer()
        .requestHandler(
            request -> request.response().putHeader("content-type", "application/json").end(body))
        .listen(port, "127.0.0.1");
  }
}
