package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.plan.StreamMapping.EventId;
import io.tidegate.view.Event;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One shape that streams can have. Whatever is written in it is written once, however many readers
/// are abreast.
final class StreamForm {
  private static final int USUAL_OVERHEAD = 64;

  private static final Map<EventId, StreamForm> BLOCKS = new EnumMap<>(EventId.class);
  private static final Map<EventId, StreamForm> TIMED_BLOCKS = new EnumMap<>(EventId.class);
  private static final Map<EventId, StreamForm> LINES = new EnumMap<>(EventId.class);

  static {
    for (var ids : EventId.values()) {
      BLOCKS.put(ids, new StreamForm(new SseText(ids, false)));
      TIMED_BLOCKS.put(ids, new StreamForm(new SseText(ids, true)));
      LINES.put(ids, new StreamForm(new JsonLines(ids)));
    }
  }

  private final EventText text;
  private final Bytes heartbeat;
  private final Event.Form<Batch> batches = new Event.Form<>(Batch.class);

  private StreamForm(EventText text) {
    this.text = text;
    this.heartbeat = Bytes.utf8(text.heartbeat());
  }

  /// Events from one to another, written down.
  private record Batch(Event last, int count, Bytes bytes) {}

  /// The form that a caller asks for: JSON lines where it names them and no event stream, else
  /// Server-Sent Events.
  static StreamForm of(EventId ids, Headers headers) {
    var accept = headers.joined("accept").orElse("").toLowerCase(Locale.ROOT);
    var wanted = LINES.get(ids);
    if (!accept.contains("ndjson") || accept.contains("text/event-stream")) {
      wanted = accept.contains("ext=timestamp") ? TIMED_BLOCKS.get(ids) : BLOCKS.get(ids);
    }
    if (wanted == null) {
      throw new IllegalStateException("no form for ids " + ids);
    }
    return wanted;
  }

  EventText text() {
    return text;
  }

  Bytes heartbeat() {
    return heartbeat;
  }

  /// Events that follow each other. Those who are abreast get the same bytes.
  @SuppressWarnings("ReferenceEquality") // the very same events make the very same bytes
  Bytes bytes(List<Event> events) {
    var last = events.getLast();
    var made = events.getFirst().as(batches, _ -> make(events));
    return made.last() == last && made.count() == events.size()
        ? made.bytes()
        : make(events).bytes();
  }

  private Batch make(List<Event> events) {
    int expected = 0;
    for (var event : events) {
      var value = event.stored().value();
      expected += USUAL_OVERHEAD + (value == null ? 0 : value.size());
    }
    var out = new Octets(expected);
    for (var event : events) {
      text.write(event, out);
    }
    return new Batch(events.getLast(), events.size(), out.take());
  }
}
