package io.tidegate.bridge;

import io.tidegate.plan.StreamMapping;
import io.tidegate.view.Event;

/// Server-Sent Events: no blank after the colon, one `data` line for each line of the value, a
/// blank line at the end. A value goes out as it is, to the byte, but that every kind of line end
/// becomes the one that readers restore.
///
/// @param timed each event has a `timestamp` line first
record SseText(StreamMapping.EventId ids, boolean timed) implements EventText {

  @Override
  public String contentType() {
    return timed ? "text/event-stream;ext=timestamp" : "text/event-stream";
  }

  @Override
  public void write(Event event, Octets out) {
    var stored = event.stored();
    if (timed) {
      out.add("timestamp:0x").add(Long.toHexString(stored.timestamp())).add('\n');
    }
    out.add("id:").add(EventIds.of(event, ids)).add('\n');
    var value = stored.value();
    if (value == null) {
      var key = stored.key();
      out.add("event:delete\ndata:").add(key == null ? "" : EventIds.base64(key)).add('\n');
    } else {
      data(value.array(), out);
    }
    out.add('\n');
  }

  private static void data(byte[] value, Octets out) {
    int start = 0;
    for (int i = 0; i < value.length; i++) {
      byte b = value[i];
      if (b == '\n' || b == '\r') {
        line(value, start, i, out);
        if (b == '\r' && i + 1 < value.length && value[i + 1] == '\n') {
          i++;
        }
        start = i + 1;
      }
    }
    line(value, start, value.length, out);
  }

  /// A reader drops one blank after the colon: a line that begins with one gets another.
  private static void line(byte[] value, int from, int to, Octets out) {
    out.add("data:");
    if (from < to && value[from] == ' ') {
      out.add(' ');
    }
    out.add(value, from, to).add('\n');
  }

  @Override
  public String heartbeat() {
    return ":\n\n";
  }

  @Override
  public String comment(String words) {
    return ":" + words + "\n\n";
  }

  @Override
  public String event(String type, String data) {
    return "event:" + type + "\ndata:" + data + "\n\n";
  }

  @Override
  public String retry(long millis) {
    return "retry:" + millis + "\n\n";
  }
}
