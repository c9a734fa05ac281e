package io.tidegate.guard;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Names and values in the form `a=1&b=two+words`, as queries and form bodies have them.
record FormFields(List<Field> fields) {
  private static final int MOST = 1000;

  record Field(String name, String value) {}

  /// The fields in order, or nothing when there are more than anyone has reason to send or one is
  /// badly escaped.
  static Optional<FormFields> read(String text) {
    var fields = new ArrayList<Field>();
    for (int at = 0; at < text.length(); ) {
      int end = text.indexOf('&', at);
      end = end < 0 ? text.length() : end;
      if (end > at) {
        if (fields.size() == MOST) {
          return Optional.empty();
        }
        try {
          fields.add(field(text.substring(at, end)));
        } catch (IllegalArgumentException badEscape) {
          return Optional.empty();
        }
      }
      at = end + 1;
    }
    return Optional.of(new FormFields(fields));
  }

  private static Field field(String item) {
    int equals = item.indexOf('=');
    return equals < 0
        ? new Field(decoded(item), "")
        : new Field(decoded(item.substring(0, equals)), decoded(item.substring(equals + 1)));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /// The value of the first field of that name.
  Optional<String> first(String name) {
    return fields.stream().filter(f -> f.name.equals(name)).map(Field::value).findFirst();
  }
}
