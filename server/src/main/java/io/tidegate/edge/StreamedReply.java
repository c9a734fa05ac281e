package io.tidegate.edge;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Responder;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A reply whose body comes piece by piece. Counts what the socket has not yet taken; a peer that
/// takes nothing for too long is cut off.
final class StreamedReply extends Watch.Entry implements Responder.Outflow {
  private static final Logger LOG = LoggerFactory.getLogger(StreamedReply.class);
  private static final long INTERNAL_ERROR = 2;

  private record Drained(long bytes, Runnable action) {}

  private final Exchange exchange;
  private final Loop loop;
  private final HttpServerResponse out;
  private final AtomicLong queued = new AtomicLong();
  private final AtomicInteger onTheWay = new AtomicInteger();

  // the loop's alone
  private List<Drained> drains = List.of();
  private int status;
  private long sent;
  private long progress;
  private boolean lastOfConnection;
  private boolean over;

  StreamedReply(Exchange exchange) {
    this.exchange = exchange;
    this.loop = exchange.loop();
    this.out = exchange.out();
  }

  void start(int code, Headers headers) {
    perform(() -> startNow(code, headers));
  }

  /// Somebody else has answered: everything written goes nowhere.
  void late() {
    over = true;
  }

  private void startNow(int code, Headers headers) {
    status = code;
    if (exchange.gone()) {
      over = true;
      return;
    }
    try {
      lastOfConnection = exchange.start(code, headers);
    } catch (IllegalArgumentException _) {
      LOG.atError()
          .addKeyValue("status", code)
          .addKeyValue("headers", headers)
          .log("a reply has a status or a header that HTTP cannot carry");
      over = true;
      out.reset(INTERNAL_ERROR);
      exchange.dismiss(500, 0);
      return;
    }
    if (exchange.wantsNoBody()) {
      over = true;
      closeAfter(out.end());
      exchange.dismiss(status, 0);
    } else if (exchange.marksOffBodies()) {
      var _ = out.writeHead();
    }
  }

  /// Runs `step` on the loop, after all steps before it.
  private void perform(Runnable step) {
    if (loop.here() && onTheWay.get() == 0) {
      step.run();
      return;
    }
    onTheWay.incrementAndGet();
    loop.submit(() -> {
      onTheWay.decrementAndGet();
      step.run();
    });
  }

  @Override
  public long write(Bytes piece) {
    long now = queued.addAndGet(piece.size());
    perform(() -> writeNow(piece));
    return now;
  }

  private void writeNow(Bytes piece) {
    int size = piece.size();
    if (over || exchange.gone()) {
      taken(size);
      return;
    }
    if (sent == 0) {
      progress = loop.now();
      loop.watch.enter(this);
    }
    sent += size;
    out.write(Exchange.buffer(piece)).onComplete(_ -> taken(size));
  }

  private void taken(int size) {
    progress = loop.now();
    long left = queued.addAndGet(-size);
    if (drains.isEmpty()) {
      return;
    }
    var waiting = drains;
    drains = new ArrayList<>(waiting.size());
    for (var drained : waiting) {
      if (left <= drained.bytes) {
        drained.action.run();
      } else {
        drains.add(drained);
      }
    }
  }

  @Override
  public void onDrained(long bytes, Runnable action) {
    perform(() -> {
      if (queued.get() <= bytes) {
        action.run();
      } else {
        drains = new ArrayList<>(drains);
        drains.add(new Drained(bytes, action));
      }
    });
  }

  @Override
  public void end() {
    perform(() -> {
      if (!over && !exchange.gone()) {
        over = true;
        closeAfter(out.end());
        exchange.finish(status, sent);
      }
    });
  }

  private void closeAfter(Future<Void> written) {
    written.onComplete(_ -> {
      loop.watch.leave(this);
      if (lastOfConnection) {
        exchange.wire().connection().close();
      }
    });
  }

  @Override
  public void abort() {
    perform(this::abortNow);
  }

  private void abortNow() {
    if (!over && !exchange.gone()) {
      over = true;
      loop.watch.leave(this);
      out.reset(INTERNAL_ERROR);
      exchange.dismiss(status, sent);
    }
  }

  @Override
  void check(long now) {
    if (exchange.gone()) {
      loop.watch.leave(this);
    } else if (queued.get() == 0) {
      progress = now;
    } else if (now - progress > loop.limits.waits().write().toNanos()) {
      if (over) {
        // Ended by us, and the peer does not take the rest.
        loop.watch.leave(this);
        out.reset(INTERNAL_ERROR);
      } else {
        abortNow();
      }
    }
  }
}
