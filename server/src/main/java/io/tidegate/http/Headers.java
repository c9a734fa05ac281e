package io.tidegate.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// Header fields in order, names in lower case, several of one name allowed. Immutable; any thread.
public final class Headers implements Iterable<Headers.Field> {
  public static final Headers NONE = new Headers(List.of());

  private final List<Field> fields;

  private Headers(List<Field> fields) {
    this.fields = fields;
  }

  /// Names and values in turn: `Headers.of("etag", tag, "content-type", type)`.
  public static Headers of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "a name without a value in " + Arrays.toString(namesAndValues));
    }
    var fields = new ArrayList<Field>(namesAndValues.length / 2);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
    }
    return of(fields);
  }

  public static Headers of(List<Field> fields) {
    return fields.isEmpty() ? NONE : new Headers(List.copyOf(fields));
  }

  /// The value of the first field of that name (given in lower case).
  public Optional<String> first(String name) {
    for (var field : fields) {
      if (field.name.equals(name)) {
        return Optional.of(field.value);
      }
    }
    return Optional.empty();
  }

  /// All fields of that name as one comma-separated value (RFC 9110, 5.2), or nothing.
  public Optional<String> joined(String name) {
    StringBuilder all = null;
    for (var field : fields) {
      if (field.name.equals(name)) {
        all = all == null ? new StringBuilder(field.value) : all.append(", ").append(field.value);
      }
    }
    return Optional.ofNullable(all).map(StringBuilder::toString);
  }

  public boolean has(String name) {
    return first(name).isPresent();
  }

  public Headers with(String name, String value) {
    var more = new ArrayList<>(fields);
    more.add(new Field(name, value));
    return new Headers(List.copyOf(more));
  }

  public Headers withAll(Headers others) {
    if (others.fields.isEmpty()) {
      return this;
    }
    var more = new ArrayList<>(fields);
    more.addAll(others.fields);
    return of(more);
  }

  public Headers without(Predicate<String> name) {
    return of(fields.stream().filter(field -> !name.test(field.name)).toList());
  }

  public List<Field> fields() {
    return fields;
  }

  public int size() {
    return fields.size();
  }

  @Override
  public Iterator<Field> iterator() {
    return fields.iterator();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Headers that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /// Names only: values may be credentials.
  @Override
  public String toString() {
    return fields.stream().map(Field::name).toList().toString();
  }

  /// One header field. The name is kept in lower case, as HTTP/2 sends it.
  public record Field(String name, String value) {
    public Field {
      for (int i = 0; i < name.length(); i++) {
        if (Character.isUpperCase(name.charAt(i))) {
          name = name.toLowerCase(Locale.ROOT);
          break;
        }
      }
    }
  }
}
