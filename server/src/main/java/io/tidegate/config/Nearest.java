package io.tidegate.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Finds the word that was probably meant, by counting the edits between two words.
final class Nearest {
  private static final int LONGEST = 80;

  private Nearest() {}

  static Optional<String> to(String word, Collection<String> candidates) {
    if (word.isEmpty() || word.length() > LONGEST) {
      return Optional.empty();
    }
    var limit = word.length() < 3 ? 0 : Math.max(1, word.length() / 3);
    return candidates.stream()
        .filter(candidate -> candidate.length() <= LONGEST && distance(word, candidate) <= limit)
        .min(
            Comparator.<String>comparingInt(candidate -> distance(word, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }

  /// Insertions, deletions, replacements and swaps of neighbours; case and `-` against `_` are
  /// free.
  private static int distance(String left, String right) {
    var a = fold(left);
    var b = fold(right);
    var rows = new int[a.length() + 1][b.length() + 1];
    for (var i = 0; i <= a.length(); i++) {
      for (var j = 0; j <= b.length(); j++) {
        rows[i][j] = Math.min(i, j) == 0 ? Math.max(i, j) : step(a, b, rows, i, j);
      }
    }
    return rows[a.length()][b.length()];
  }

  private static int step(String a, String b, int[][] rows, int i, int j) {
    var cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    var best = Math.min(rows[i - 1][j - 1] + cost, Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
    var swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, rows[i - 2][j - 2] + 1) : best;
  }

  private static String fold(String word) {
    return word.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
