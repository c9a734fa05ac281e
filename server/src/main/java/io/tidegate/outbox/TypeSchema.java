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
  /// @param pattern as forms in browsers know it
  /// @param options by value, with their labels
  public record Field(
      String key,
      Input type,
      String label,
      String description,
      boolean required,
      boolean sensitive,
      Optional<String> usual,
      OptionalInt shortest,
      OptionalInt longest,
      Optional<String> pattern,
      Map<String, String> options) {

    public static Field text(String key, String label, String description) {
      return of(key, Input.TEXT, label, description);
    }

    public static Field of(String key, Input type, String label, String description) {
      return new Field(
          key,
          type,
          label,
          description,
          false,
          false,
          Optional.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          Map.of());
    }

    public Field needed() {
      return new Field(
          key,
          type,
          label,
          description,
          true,
          sensitive,
          usual,
          shortest,
          longest,
          pattern,
          options);
    }

    public Field secret() {
      return new Field(
          key,
          type,
          label,
          description,
          required,
          true,
          usual,
          shortest,
          longest,
          pattern,
          options);
    }

    public Field usually(String value) {
      return new Field(
          key,
          type,
          label,
          description,
          required,
          sensitive,
          Optional.of(value),
          shortest,
          longest,
          pattern,
          options);
    }

    public Field sized(int least, int most) {
      return new Field(
          key,
          type,
          label,
          description,
          required,
          sensitive,
          usual,
          OptionalInt.of(least),
          OptionalInt.of(most),
          pattern,
          options);
    }

    public Field like(String regex) {
      return new Field(
          key,
          type,
          label,
          description,
          required,
          sensitive,
          usual,
          shortest,
          longest,
          Optional.of(regex),
          options);
    }

    public Field oneOf(Map<String, String> labels) {
      return new Field(
          key,
          type,
          label,
          description,
          required,
          sensitive,
          usual,
          shortest,
          longest,
          pattern,
          labels);
    }
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
    if (field.shortest().isPresent() && value.length() < field.shortest().getAsInt()) {
      return Optional.of("must have at least " + field.shortest().getAsInt() + " characters");
    }
    if (field.longest().isPresent() && value.length() > field.longest().getAsInt()) {
      return Optional.of("must have at most " + field.longest().getAsInt() + " characters");
    }
    if (field.pattern().isPresent() && !Pattern.matches(field.pattern().get(), value)) {
      return Optional.of("must match the pattern " + field.pattern().get());
    }
    return switch (field.type()) {
      case CHECKBOX ->
          List.of("true", "false", "on").contains(value) // browsers send `on`
              ? Optional.empty()
              : Optional.of("must be \"true\" or \"false\"");
      case SELECT ->
          field.options().containsKey(value)
              ? Optional.empty()
              : Optional.of(
                  "must be one of " + field.options().keySet().stream().sorted().toList());
      case TEXT, KEY_VALUE_MAP -> Optional.empty();
    };
  }
}
