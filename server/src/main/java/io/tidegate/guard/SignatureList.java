package io.tidegate.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How several values share one signature header: `t=1700000000,v1=5257…,v1=9f3a…` is the separator
/// `,` with the key `v1`; a bare list has no key.
///
/// @param separator empty when the header is one signature
/// @param key the word before `=` that marks a signature; empty when items are bare
public record SignatureList(String separator, String key) {
  public static final SignatureList NONE = new SignatureList("", "");

  /// More items than any sender has reason to send.
  private static final int MOST_ITEMS = 32;

  public SignatureList {
    if (separator.isEmpty() && !key.isEmpty()) {
      throw new IllegalArgumentException("a list with a key needs a separator");
    }
  }

  /// The items of a header value, trimmed; nothing when there are too many.
  Optional<List<String>> items(String value) {
    if (separator.isEmpty()) {
      return Optional.of(List.of(value));
    }
    var items = new ArrayList<String>();
    for (int at = 0; at <= value.length(); ) {
      int end = value.indexOf(separator, at);
      end = end < 0 ? value.length() : end;
      items.add(value.substring(at, end).trim());
      at = end + separator.length();
      if (items.size() > MOST_ITEMS) {
        return Optional.empty();
      }
    }
    return Optional.of(items);
  }

  List<String> signatures(List<String> items) {
    return key.isEmpty() ? items : under(key, items);
  }

  /// The values that stand behind `word=`.
  static List<String> under(String word, List<String> items) {
    return items.stream()
        .filter(item -> item.startsWith(word) && item.startsWith("=", word.length()))
        .map(item -> item.substring(word.length() + 1))
        .toList();
  }
}
