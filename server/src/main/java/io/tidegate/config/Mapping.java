package io.tidegate.config;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/// A mapping of the file, asked key by key. What a reader asks for is what the grammar allows: any
/// other key is a fault, with the nearest key that was asked for.
final class Mapping {
  private final Place place;
  private final Reading reading;
  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Set<String> asked = new LinkedHashSet<>();
  private final Set<String> forbidden = new LinkedHashSet<>();

  Mapping(Yaml.Pairs pairs, Place place, Reading reading) {
    this.place = place;
    this.reading = reading;
    for (var pair : pairs.pairs()) {
      var key = pair.key();
      var value = new Value(pair.value(), place.at(key.line(), key.column(), path(key)), reading);
      var first = values.putIfAbsent(key.text(), value);
      if (first != null) {
        value.fault("duplicate key, the first is on line " + first.place().line(), "");
      }
    }
  }

  /// A mapping without keys where something else stands; what it requires is missing.
  static Mapping empty(Value value) {
    var nothing = new Yaml.Pairs(value.place().line(), value.place().column(), List.of());
    return new Mapping(nothing, value.place(), value.reading());
  }

  /// An empty mapping in place of something that is missing or wrong; its own faults do not count.
  static Mapping absent(Value value) {
    return empty(new Value(value.yaml(), value.place(), value.reading().unheard()));
  }

  Place place() {
    return place;
  }

  Reading reading() {
    return reading;
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /// True when there is a list under `key` with something in it, or something else to complain of.
  boolean hasItems(String key) {
    var value = values.get(key);
    return value != null && !(value.yaml() instanceof Yaml.Items list && list.items().isEmpty());
  }

  <T> T required(String key, Form<T> form) {
    asked.add(key);
    var value = values.get(key);
    if (value != null) {
      return form.read(value);
    }
    fault("required key " + Fault.quote(key) + " is missing", form.expected());
    return form.read(nothing(key, reading.unheard()));
  }

  <T> Optional<T> optional(String key, Form<T> form) {
    asked.add(key);
    return Optional.ofNullable(values.get(key)).map(form::read);
  }

  <T> T or(String key, Form<T> form, T fallback) {
    return optional(key, form).orElse(fallback);
  }

  <T> List<T> list(String key, Form<T> form) {
    return or(key, Form.listOf(form), List.of());
  }

  <T> Map<String, T> map(String key, Form<T> form) {
    return or(key, Form.mapOf(form), Map.of());
  }

  /// A mapping whose keys are read even if it is absent, so that their defaults come from one place
  /// and what is required in it stays required.
  <T> T section(String key, Function<Mapping, T> reader) {
    asked.add(key);
    var value = values.get(key);
    var nothing = new Yaml.Pairs(place.line(), place.column(), List.of());
    return Form.mapping(reader)
        .read(
            value != null
                ? value
                : new Value(nothing, place.at(place.line(), place.column(), path(key)), reading));
  }

  /// The entries, each with its key.
  <T> Map<String, T> entries(BiFunction<String, Value, T> reader) {
    var read = new LinkedHashMap<String, T>();
    values.forEach((key, value) -> read.put(key, reader.apply(key, value)));
    asked.addAll(values.keySet());
    return read;
  }

  void forbid(String key, String why) {
    Optional.ofNullable(values.get(key)).ifPresent(value -> value.fault(why, ""));
    forbidden.add(key);
  }

  void forbidUnlessAsked(String key, String why) {
    if (!asked.contains(key) && !forbidden.contains(key)) {
      forbid(key, why);
    }
  }

  void fault(String problem, String expected) {
    reading.faults().add(Fault.of(place, problem, expected));
  }

  void warn(String problem) {
    reading.faults().warn(Fault.of(place, problem));
  }

  /// Lets the remaining keys pass, because something before them left open what they mean. Returns
  /// a mapping to read a stand-in from.
  Mapping giveUp() {
    asked.addAll(values.keySet());
    return new Mapping(
        new Yaml.Pairs(place.line(), place.column(), List.of()), place, reading.unheard());
  }

  void rejectUnknown() {
    values.forEach((key, value) -> {
      if (!asked.contains(key) && !forbidden.contains(key)) {
        value.fault("unknown key", Form.spoken(asked), Nearest.to(key, asked));
      }
    });
  }

  private Value nothing(String key, Reading unheard) {
    var scalar = new Yaml.Scalar(place.line(), place.column(), "", true);
    return new Value(scalar, place.at(place.line(), place.column(), path(key)), unheard);
  }

  private String path(Yaml.Scalar key) {
    return path(key.text());
  }

  private String path(String key) {
    var isWord = key.matches("[\\w:$-]{1,100}");
    var step = isWord ? key : "[" + Fault.quote(key) + "]";
    return place.path() + (isWord && !place.path().isEmpty() ? "." : "") + step;
  }
}
