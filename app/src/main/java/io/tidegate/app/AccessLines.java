package io.tidegate.app;

import io.tidegate.edge.AccessLog;
import io.tidegate.http.Request;
import java.io.PrintStream;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;

/// The `stdout` exporter: a line for each accepted request, in the form of the model.
///
///     <namespace:binding> [22/Nov/2026:10:15:30 +0000] [request id] BINDING_HTTP_REQUEST_ACCEPTED - GET http://host/path
///
/// Lines are written by a thread of its own, since whoever reads them may stall; when too many wait,
/// further ones are left out rather than holding up an event loop.
final class AccessLines {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT);
  private static final int MOST_WAITING = 10_000;

  private final ArrayBlockingQueue<String> lines = new ArrayBlockingQueue<>(MOST_WAITING);
  private final PrintStream out;

  AccessLines(PrintStream out) {
    this.out = out;
    Thread.ofPlatform().name("access-lines").daemon().start(this::write);
  }

  /// The same lines for one listener.
  AccessLog of(String listener) {
    return new AccessLog() {
      @Override
      public void accepted(Request request, Optional<String> identity) {
        var _ = lines.offer(line(listener, request, identity.orElse("-")));
      }

      @Override
      public void replied(Request request, Completion completion) {}
    };
  }

  private static String line(String listener, Request request, String identity) {
    return "%s [%s] [%s] BINDING_HTTP_REQUEST_ACCEPTED %s %s %s://%s%s"
        .formatted(
            listener,
            ZonedDateTime.now(ZoneId.systemDefault()).format(TIME),
            request.id(),
            identity,
            request.method(),
            request.scheme(),
            request.authority(),
            request.path())
        .replaceAll("\\p{Cntrl}", "?");
  }

  private void write() {
    try {
      while (true) {
        out.println(lines.take());
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }
}
