package io.tidegate.bench;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;

/// The limit of a fan-out: the same bytes written to every response that is open, at a fixed rate.
final class StreamSkeleton extends VerticleBase {
  private final int port;
  private final int perSecond;
  private final String filling;
  private final List<HttpServerResponse> readers = new ArrayList<>();
  private long began;
  private long written;

  StreamSkeleton(int port, int perSecond, int bytes) {
    this.port = port;
    this.perSecond = perSecond;
    this.filling = "x".repeat(Math.max(0, bytes - 16));
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(1, _ -> writeDue());
    return vertx
        .createHttpServer()
        .requestHandler(request -> {
          var response = request.response();
          if (!request.method().name().equals("GET")) {
            response.setStatusCode(204).end();
            return;
          }
          response.putHeader("content-type", "text/event-stream").writeHead();
          response.closeHandler(_ -> readers.remove(response));
          readers.add(response);
        })
        .listen(port, "127.0.0.1");
  }

  private void writeDue() {
    if (readers.isEmpty()) {
      began = System.nanoTime();
      written = 0;
      return;
    }
    long due = (System.nanoTime() - began) * perSecond / 1_000_000_000L;
    while (written < due) {
      written++;
      var event = "id:AQIAAg==\ndata:" + StreamReaders.stamp() + filling + "\n\n";
      var bytes = Buffer.buffer(event);
      readers.forEach(reader -> reader.write(bytes));
    }
  }
}
