package io.tidegate.filter;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The words of the language, as they are written.
enum Operator {
  EQ("$eq"),
  NEQ("$neq"),
  GT("$gt"),
  GTE("$gte"),
  LT("$lt"),
  LTE("$lte"),
  IN("$in"),
  NIN("$nin"),
  STARTS_WITH("$startsWith"),
  ENDS_WITH("$endsWith"),
  CONTAINS("$contains"),
  I_EQ("$iEq"),
  REGEX("$regex"),
  EXIST("$exist"),
  TYPE("$type"),
  SIZE("$size"),
  ALL("$all"),
  ELEM_MATCH("$elemMatch"),
  NOT("$not"),
  AND("$and"),
  OR("$or"),
  NOR("$nor"),
  REF("$ref");

  private static final int LONGEST = 24;

  private static final Map<String, Operator> BY_WORD =
      Arrays.stream(values()).collect(Collectors.toMap(Operator::word, Function.identity()));

  /// What other languages call them.
  private static final Map<String, Operator> ELSEWHERE =
      Map.ofEntries(
          Map.entry("$prefix", STARTS_WITH),
          Map.entry("$suffix", ENDS_WITH),
          Map.entry("$beginswith", STARTS_WITH),
          Map.entry("$includes", CONTAINS),
          Map.entry("$like", CONTAINS),
          Map.entry("$substring", CONTAINS),
          Map.entry("$anyof", OR),
          Map.entry("$oneof", IN),
          Map.entry("$allof", AND),
          Map.entry("$notin", NIN),
          Map.entry("$matches", REGEX),
          Map.entry("$match", REGEX),
          Map.entry("$length", SIZE),
          Map.entry("$any", ELEM_MATCH),
          Map.entry("$every", ALL),
          Map.entry("$ge", GTE),
          Map.entry("$le", LTE));

  private final String word;

  Operator(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  static Optional<Operator> of(String word) {
    return Optional.ofNullable(BY_WORD.get(word));
  }

  /// The word that was probably meant.
  static Optional<String> nearest(String written) {
    if (written.length() > LONGEST) {
      return Optional.empty();
    }
    var folded = written.toLowerCase(java.util.Locale.ROOT);
    var elsewhere = ELSEWHERE.get(folded);
    if (elsewhere != null) {
      return Optional.of(elsewhere.word);
    }
    var most = Math.max(1, (folded.length() - 1) / 3);
    return Arrays.stream(values())
        .map(Operator::word)
        .filter(candidate -> edits(folded, candidate) <= most)
        .min(Comparator.comparingInt(candidate -> edits(folded, candidate)));
  }

  /// Insertions, deletions and replacements; case is free.
  private static int edits(String written, String candidate) {
    var word = candidate.toLowerCase(java.util.Locale.ROOT);
    var above = new int[word.length() + 1];
    Arrays.setAll(above, column -> column);
    for (var i = 1; i <= written.length(); i++) {
      var row = new int[word.length() + 1];
      row[0] = i;
      for (var j = 1; j <= word.length(); j++) {
        var replaced = above[j - 1] + (written.charAt(i - 1) == word.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[word.length()];
  }
}
