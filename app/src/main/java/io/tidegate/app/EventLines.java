package io.tidegate.app;

import io.tidegate.telemetry.Event;
import java.io.PrintStream;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;

/// The `stdout` exporter: a line for each event, in the form of the model.
///
///     <namespace:binding> [22/Nov/2026:10:15:30 +0000] [request id] BINDING_HTTP_REQUEST_ACCEPTED - GET http://host/path
///
/// Lines are written by a thread of its own, since whoever reads them may stall; when too many wait,
/// further ones are left out rather than holding up an event loop.
final class EventLines {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT);
  private static final int MOST_WAITING = 10_000;

  private final ArrayBlockingQueue<String> lines = new ArrayBlockingQueue<>(MOST_WAITING);
  private final PrintStream out;

  EventLines(PrintStream out) {
    this.out = out;
    Thread.ofPlatform().name("event-lines").daemon().start(this::write);
  }

  void tell(Event event) {
    var time = ZonedDateTime.now(ZoneId.systemDefault()).format(TIME);
    var line =
        "%s [%s] [%s] %s %s"
            .formatted(event.source(), time, event.request(), event.type(), event.message());
    var _ = lines.offer(line.replaceAll("\\p{Cntrl}", "?"));
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
