package io.tidegate.outbox;

import io.tidegate.registry.Judgement.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Headers that a destination adds to each of its requests: a JSON object, written as a text.
/// Values may be templates.
final class CustomHeaders {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,127}");
  private static final Pattern PLACE = Pattern.compile("\\$\\{[^}]*}");
  private static final int LONG_ENOUGH = 8;
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
    var object = object(text).filter(found -> found.size() <= MOST);
    if (object.isEmpty()) {
      faults.add(new Fault(pointer, "must be a JSON object of at most " + MOST + " texts"));
      return headers;
    }
    object
        .get()
        .properties()
        .forEach(each -> {
          var value = each.getValue().isValueNode() ? each.getValue().asString("") : "";
          faults.addAll(faults(each.getKey(), value, pointer));
          headers.put(each.getKey().toLowerCase(Locale.ROOT), value);
        });
    return headers;
  }

  /// The same text with what may be credentials masked, by the names of their headers.
  static String masked(String text) {
    return replaced(text, (name, value) -> shown(name, value)).orElse(text);
  }

  private static String shown(String name, String value) {
    return SecretNames.has(name) ? DestinationSecrets.mask(value) : value;
  }

  /// What was shown of a present value stands for that value.
  static String unmasked(String given, String present) {
    var before = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    object(present)
        .ifPresent(object ->
            object
                .properties()
                .forEach(each -> before.put(each.getKey(), each.getValue().asString(""))));
    return replaced(
            given,
            (name, value) -> {
              var known = before.get(name);
              return known != null && value.equals(shown(name, known)) ? known : value;
            })
        .orElse(given);
  }

  /// What of the values may be secret: of those whose names say so all that does not come from the
  /// event, and what follows a scheme such as `Bearer`; of others what is long enough.
  static List<String> hidden(String text) {
    var hidden = new ArrayList<String>();
    for (var each : read(text, "", new ArrayList<>()).entrySet()) {
      var isSecret = SecretNames.has(each.getKey());
      for (var part : PLACE.split(each.getValue(), -1)) {
        var fixed = part.strip();
        if (isSecret || fixed.length() >= LONG_ENOUGH) {
          hidden.add(fixed);
        }
        if (isSecret && fixed.length() - fixed.lastIndexOf(' ') > LONG_ENOUGH) {
          hidden.add(fixed.substring(fixed.lastIndexOf(' ') + 1));
        }
      }
    }
    return hidden;
  }

  /// Nothing when nothing is another one then.
  private static Optional<String> replaced(String text, BinaryOperator<String> change) {
    var object = object(text);
    if (object.isEmpty()) {
      return Optional.empty();
    }
    var changed = false;
    for (var each : List.copyOf(object.get().properties())) {
      var value = each.getValue().isString() ? each.getValue().asString() : "";
      var next = change.apply(each.getKey(), value);
      if (!next.equals(value)) {
        object.get().put(each.getKey(), next);
        changed = true;
      }
    }
    return changed ? Optional.of(object.get().toString()) : Optional.empty();
  }

  private static Optional<ObjectNode> object(String text) {
    try {
      return text.length() <= LONGEST_TEXT && JSON.readTree(text) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JacksonException unreadable) {
      return Optional.empty();
    }
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
