package io.tidegate.filter;

/// Finds a text in another in linear time, whatever the two.
final class TextSearch {
  /// Up to here the platform's search is faster, even where it has to look at every pair.
  private static final long FEW = 1 << 15;

  private TextSearch() {}

  /// In steps of an evaluation.
  static long cost(String text, String part) {
    var pairs = (long) text.length() * part.length();
    return 1 + (pairs <= FEW ? pairs / 256 : text.length() / 2);
  }

  static boolean contains(String text, String part) {
    return (long) text.length() * part.length() <= FEW
        ? text.contains(part)
        : part.length() <= text.length() && find(text, part);
  }

  /// Knuth, Morris and Pratt: never looks at a character of the text twice.
  static boolean find(String text, String part) {
    var resume = resumeTable(part);
    var matched = 0;
    for (var i = 0; i < text.length(); i++) {
      while (matched > 0 && text.charAt(i) != part.charAt(matched)) {
        matched = resume[matched - 1];
      }
      if (text.charAt(i) == part.charAt(matched) && ++matched == part.length()) {
        return true;
      }
    }
    return false;
  }

  /// For each prefix the length of its longest border.
  private static int[] resumeTable(String part) {
    var table = new int[part.length()];
    for (int i = 1, border = 0; i < part.length(); i++) {
      while (border > 0 && part.charAt(i) != part.charAt(border)) {
        border = table[border - 1];
      }
      if (part.charAt(i) == part.charAt(border)) {
        border++;
      }
      table[i] = border;
    }
    return table;
  }
}
