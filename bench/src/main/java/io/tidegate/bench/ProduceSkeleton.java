package io.tidegate.bench;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.MpscArrayQueue;

/// The limit of a write: the body of every request becomes a record, and the reply waits until all
/// replicas have it, unless it is told not to wait. Replies that are due together go back to the
/// event loop together.
final class ProduceSkeleton extends VerticleBase {

  private static final int MOST_OUTSTANDING = 16 * 1024;

  private final int port;
  private final SkeletonLog log;
  private final boolean waits;
  private final MpscArrayQueue<Done> done = new MpscArrayQueue<>(MOST_OUTSTANDING);
  private final AtomicBoolean scheduled = new AtomicBoolean();

  private record Done(HttpServerResponse response, int status) {}

  ProduceSkeleton(int port, SkeletonLog log, boolean waits) {
    this.port = port;
    this.log = log;
    this.waits = waits;
  }

  @Override
  public Future<?> start() {
    return vertx.createHttpServer().requestHandler(this::handle).listen(port, "127.0.0.1");
  }

  private void handle(HttpServerRequest request) {
    var response = request.response();
    request.bodyHandler(body -> {
      if (!waits) {
        response.setStatusCode(log.append(body.getBytes(), _ -> {}) ? 202 : 503).end();
        return;
      }
      var taken = log.append(body.getBytes(), stored -> finish(response, stored ? 200 : 503));
      if (!taken) {
        response.setStatusCode(503).end();
      }
    });
  }

  private void finish(HttpServerResponse response, int status) {
    done.add(new Done(response, status));
    if (scheduled.compareAndSet(false, true)) {
      context.runOnContext(_ -> reply());
    }
  }

  private void reply() {
    scheduled.set(false);
    done.drain(next -> next.response().setStatusCode(next.status()).end());
  }
}
