package io.tidegate.outbox;

import io.tidegate.registry.Judgement.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Headers that a destination adds to each of its requests: a JSON object, written as a text.
/// Values may be templates.
final class CustomHeaders {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,127}");
  private static final int MOST = 32;
  private static final int LONGEST = 4096;
  private static final int LONGEST_TEXT = 32 << 10;

  /// Those that say how the request is to be read or carried.
  private static final Set<String> OURS =
      Set.of(
          "content-type",
          "content-length",
          "content-encoding",
          "host",
          "connection",
          "expect",
          "keep-alive",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "user-agent");

  private CustomHeaders() {}

  /// What can be made of a text; empty for an empty one.
  static Map<String, String> read(String text, String pointer, List<Fault> faults) {
    var headers = new LinkedHashMap<String, String>();
    if (text.isEmpty()) {
      return headers;
    }
    try {
      if (text.length() <= LONGEST_TEXT
          && JSON.readTree(text) instanceof ObjectNode object
          && object.size() <= MOST) {
        object
            .properties()
            .forEach(each -> {
              var value = each.getValue().isValueNode() ? each.getValue().asString("") : "";
              faults.addAll(faults(each.getKey(), value, pointer));
              headers.put(each.getKey().toLowerCase(Locale.ROOT), value);
            });
        return headers;
      }
    } catch (JacksonException unreadable) {
      // said below
    }
    faults.add(new Fault(pointer, "must be a JSON object of at most " + MOST + " texts"));
    return headers;
  }

  private static List<Fault> faults(String name, String value, String pointer) {
    var faults = new ArrayList<Fault>();
    if (!NAME.matcher(name).matches()) {
      faults.add(new Fault(pointer, "has a name that no header can have"));
    } else if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
      faults.add(new Fault(pointer + "/" + name, "cannot be set"));
    } else if (value.isBlank()
        || value.length() > LONGEST
        || !value.equals(value.strip())
        || value.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
      faults.add(
          new Fault(pointer + "/" + name, "must be 1 to " + LONGEST + " printable characters"));
    } else {
      faults.addAll(TextTemplate.faults(Map.of(name, value), pointer));
    }
    return faults;
  }
}
