package io.tidegate.outbox;

import io.tidegate.registry.Judgement.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// What a type of destination is told in `config` and `credentials`: forms are made from it, and
/// values are checked with it.
///
/// @param icon SVG
/// @param instructions Markdown
public record TypeSchema(
    String type,
    String label,
    String description,
    String icon,
    String instructions,
    List<Field> config,
    List<Field> credentials) {
  public TypeSchema {
    config = List.copyOf(config);
    credentials = List.copyOf(credentials);
  }

  /// How a value is entered.
  public enum Input {
    TEXT,
    CHECKBOX,
    KEY_VALUE_MAP,
    SELECT;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// One value. All values are texts; a checkbox holds `true` or `false`.
  ///
  /// @param sensitive kept sealed, and shown once
  public record Field(
      String key,
      Input type,
      String label,
      String description,
      boolean required,
      boolean sensitive,
      Optional<String> usual,
      Bounds bounds) {

    public static Field text(String key, String label, String description) {
      return of(key, Input.TEXT, label, description);
    }

    public static Field of(String key, Input type, String label, String description) {
      return new Field(key, type, label, description, false, false, Optional.empty(), Bounds.NONE);
    }

    public Field needed() {
      return with(true, sensitive, usual, bounds);
    }

    public Field secret() {
      return with(required, true, usual, bounds);
    }

    public Field usually(String value) {
      return with(required, sensitive, Optional.of(value), bounds);
    }

    public Field sized(int least, int most) {
      return within(
          new Bounds(
              OptionalInt.of(least), OptionalInt.of(most), bounds.pattern(), bounds.options()));
    }

    public Field like(String regex) {
      return within(
          new Bounds(bounds.shortest(), bounds.longest(), Optional.of(regex), bounds.options()));
    }

    public Field oneOf(Map<String, String> labels) {
      return within(new Bounds(bounds.shortest(), bounds.longest(), bounds.pattern(), labels));
    }

    private Field within(Bounds others) {
      return with(required, sensitive, usual, others);
    }

    private Field with(boolean isNeeded, boolean isSecret, Optional<String> value, Bounds between) {
      return new Field(key, type, label, description, isNeeded, isSecret, value, between);
    }
  }

  /// Which values are taken.
  ///
  /// @param pattern as forms in browsers know it
  /// @param options by value, with their labels
  public record Bounds(
      OptionalInt shortest,
      OptionalInt longest,
      Optional<String> pattern,
      Map<String, String> options) {
    static final Bounds NONE =
        new Bounds(OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), Map.of());
  }

  /// What is wrong with the values, as far as the schema knows. Repeats no value.
  public List<Fault> faults(Map<String, String> given, Map<String, String> secrets) {
    var faults = new ArrayList<Fault>();
    check(config, given, "/config", faults);
    check(credentials, secrets, "/credentials", faults);
    return faults;
  }

  private static void check(
      List<Field> fields, Map<String, String> values, String pointer, List<Fault> faults) {
    for (var field : fields) {
      var value = values.getOrDefault(field.key(), "");
      var at = pointer + "/" + field.key();
      if (value.isEmpty()) {
        if (field.required()) {
          faults.add(new Fault(at, "is required"));
        }
      } else {
        fault(field, value).ifPresent(expected -> faults.add(new Fault(at, expected)));
      }
    }
    values.keySet().stream()
        .filter(key -> fields.stream().noneMatch(field -> field.key().equals(key)))
        .forEach(key -> faults.add(new Fault(pointer + "/" + key, "no field has this name")));
  }

  private static Optional<String> fault(Field field, String value) {
    var bounds = field.bounds();
    if (bounds.shortest().isPresent() && value.length() < bounds.shortest().getAsInt()) {
      return Optional.of("must have at least " + bounds.shortest().getAsInt() + " characters");
    }
    if (bounds.longest().isPresent() && value.length() > bounds.longest().getAsInt()) {
      return Optional.of("must have at most " + bounds.longest().getAsInt() + " characters");
    }
    if (bounds.pattern().isPresent() && !Pattern.matches(bounds.pattern().get(), value)) {
      return Optional.of("must match the pattern " + bounds.pattern().get());
    }
    return switch (field.type()) {
      case CHECKBOX ->
          List.of("true", "false", "on").contains(value) // browsers send `on`
              ? Optional.empty()
              : Optional.of("must be \"true\" or \"false\"");
      case SELECT ->
          bounds.options().containsKey(value)
              ? Optional.empty()
              : Optional.of(
                  "must be one of " + bounds.options().keySet().stream().sorted().toList());
      case TEXT, KEY_VALUE_MAP -> Optional.empty();
    };
  }
}
