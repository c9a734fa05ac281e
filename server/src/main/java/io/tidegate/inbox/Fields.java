package io.tidegate.inbox;

import io.tidegate.registry.Judgement.Fault;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A JSON object read field by field, with every fault written down. What is missing or null is as
/// if it had not been said.
final class Fields {
  private static final int LONGEST_NAME = 128;
  private static final int LONGEST_WORD = 4096;

  /// In seconds; milliseconds in its place are noticed.
  private static final long LATEST = 1L << 37;

  private final ObjectNode object;
  private final String pointer;
  private final List<Fault> faults;

  Fields(ObjectNode object, String pointer, List<Fault> faults) {
    this.object = object;
    this.pointer = pointer;
    this.faults = faults;
  }

  void fault(String name, String expected) {
    faults.add(new Fault(pointer + "/" + name, expected + " was expected"));
  }

  boolean has(String name) {
    return object.hasNonNull(name);
  }

  private Optional<JsonNode> value(String name) {
    return Optional.ofNullable(object.get(name)).filter(value -> !value.isNull());
  }

  String text(String name, String otherwise, int longest) {
    var value = value(name);
    if (value.isEmpty()) {
      return otherwise;
    }
    if (value.get().isString() && value.get().asString().length() <= longest) {
      return value.get().asString();
    }
    fault(name, "a text of at most " + longest + " characters");
    return otherwise;
  }

  OptionalLong number(String name, long least, long most) {
    var value = value(name);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    if (value.get().isIntegralNumber() && value.get().canConvertToLong()) {
      var number = value.get().asLong();
      if (number >= least && number <= most) {
        return OptionalLong.of(number);
      }
    }
    fault(name, "a whole number from " + least + " to " + most);
    return OptionalLong.empty();
  }

  Optional<Boolean> flag(String name) {
    var value = value(name);
    if (value.isPresent() && !value.get().isBoolean()) {
      fault(name, "true or false");
      return Optional.empty();
    }
    return value.map(JsonNode::asBoolean);
  }

  /// RFC 3339, or seconds since 1970.
  Optional<Instant> time(String name) {
    var value = value(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      if (value.get().isIntegralNumber() && value.get().canConvertToLong()) {
        var seconds = value.get().asLong();
        if (seconds >= 0 && seconds < LATEST) {
          return Optional.of(Instant.ofEpochSecond(seconds));
        }
      }
      if (value.get().isString()) {
        return Optional.of(Instant.parse(value.get().asString()));
      }
    } catch (DateTimeParseException notATime) {
      // said below
    }
    fault(name, "a time, as 2027-01-31T12:00:00Z or in seconds since 1970,");
    return Optional.empty();
  }

  List<String> texts(String name, List<String> otherwise, int most) {
    var value = value(name);
    if (value.isEmpty()) {
      return otherwise;
    }
    var texts = new ArrayList<String>();
    for (var each : value.get()) {
      if (each.isString() && each.asString().length() <= LONGEST_NAME) {
        texts.add(each.asString());
      }
    }
    if (!value.get().isArray() || texts.size() != value.get().size() || texts.size() > most) {
      fault(name, "a list of at most " + most + " texts");
      return otherwise;
    }
    return texts;
  }

  /// Texts by name; numbers and truth values are taken as they are written.
  Map<String, String> words(String name, int most) {
    var words = new LinkedHashMap<String, String>();
    value(name)
        .ifPresent(value -> {
          value
              .properties()
              .forEach(each -> {
                if (each.getValue().isValueNode() && !each.getValue().isNull()) {
                  words.put(each.getKey(), each.getValue().asString());
                }
              });
          var isWell =
              words.size() <= most
                  && words.values().stream().allMatch(word -> word.length() <= LONGEST_WORD);
          if (!value.isObject() || !isWell) {
            fault(name, "an object of at most " + most + " texts");
            words.clear();
          }
        });
    return words;
  }

  /// The object of that name; an empty one when there is none.
  Fields in(String name) {
    var value = value(name);
    if (value.isPresent() && !value.get().isObject()) {
      fault(name, "an object");
    }
    var inner = value.orElse(null) instanceof ObjectNode found ? found : empty();
    return new Fields(inner, pointer + "/" + name, faults);
  }

  private static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }

  /// The objects of a list.
  List<Fields> each(String name, int most) {
    var all = new ArrayList<Fields>();
    value(name)
        .ifPresent(value -> {
          var index = 0;
          for (var each : value) {
            if (each instanceof ObjectNode found) {
              all.add(new Fields(found, pointer + "/" + name + "/" + index, faults));
            }
            index++;
          }
          if (!value.isArray() || all.size() != value.size() || all.size() > most) {
            fault(name, "a list of at most " + most + " objects");
            all.clear();
          }
        });
    return all;
  }
}
