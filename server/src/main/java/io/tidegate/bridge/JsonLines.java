package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.log.Stored;
import io.tidegate.plan.StreamMapping;
import io.tidegate.view.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/// One JSON object on each line, for programs. Values become JSON as in a merged array: JSON as it
/// is, text as a string, anything else as `{"base64":…}`. A heartbeat is an empty line.
record JsonLines(StreamMapping.EventId ids) implements EventText {

  @Override
  public String contentType() {
    return "application/x-ndjson";
  }

  @Override
  public void write(Event event, Octets out) {
    var stored = event.stored();
    out.add("{\"id\":").add(quoted(EventIds.of(event, ids)));
    if (stored.isTombstone()) {
      out.add(",\"event\":\"delete\"");
    }
    out.add(",\"partition\":").add(Integer.toString(stored.partition()));
    out.add(",\"offset\":").add(Long.toString(stored.offset()));
    out.add(",\"timestamp\":").add(Long.toString(stored.timestamp()));
    out.add(",\"key\":").add(text(stored.key()));
    headers(stored, out);
    out.add(",\"value\":");
    value(stored.value(), out);
    out.add("}\n");
  }

  private static void headers(Stored stored, Octets out) {
    out.add(",\"headers\":{");
    Map<String, List<Bytes>> named = new LinkedHashMap<>();
    for (var header : stored.headers()) {
      named.computeIfAbsent(header.name(), _ -> new ArrayList<>(1)).add(header.value());
    }
    boolean isFirst = true;
    for (var header : named.entrySet()) {
      out.add(isFirst ? "" : ",").add(quoted(header.getKey())).add(':');
      isFirst = false;
      var values = header.getValue().stream().map(JsonLines::text).toList();
      out.add(values.size() == 1 ? values.getFirst() : "[" + String.join(",", values) + "]");
    }
    out.add('}');
  }

  /// Line ends between tokens become blanks; inside of strings JSON has none.
  private static void value(@Nullable Bytes value, Octets out) {
    if (value == null) {
      out.add("null");
      return;
    }
    var json = JsonArray.json(value);
    int start = 0;
    for (int i = 0; i < json.length; i++) {
      if (json[i] == '\n' || json[i] == '\r') {
        out.add(json, start, i).add(' ');
        start = i + 1;
      }
    }
    out.add(json, start, json.length);
  }

  private static String text(@Nullable Bytes bytes) {
    return bytes == null ? "null" : JsonArray.text(bytes);
  }

  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
  }

  @Override
  public String heartbeat() {
    return "\n";
  }

  @Override
  public String comment(String words) {
    return event("comment", quoted(words));
  }

  @Override
  public String event(String type, String data) {
    return "{\"event\":" + quoted(type) + ",\"value\":" + data + "}\n";
  }

  @Override
  public String retry(long millis) {
    return "";
  }
}
