package io.tidegate.filter;

import java.util.List;

/// A topic, or several: `*` is any run of characters, dots and nothing at all included, so
/// `order.*` takes `order.created` and `order.item.added`, and `*` takes everything. Case matters.
///
/// Immutable; matching takes linear time.
public final class TopicPattern {
  public static final int LONGEST = 256;

  private final String text;

  /// What stands between the stars: at least two pieces where there is a star.
  private final List<String> pieces;

  private TopicPattern(String text) {
    this.text = text;
    this.pieces = List.of(text.split("\\*+", -1));
  }

  /// @throws IllegalArgumentException when it is empty or too long
  public static TopicPattern of(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      throw new IllegalArgumentException("a topic has 1 to " + LONGEST + " characters");
    }
    return new TopicPattern(text);
  }

  public String text() {
    return text;
  }

  /// It stands for more than the one topic of its name.
  public boolean isWild() {
    return pieces.size() > 1;
  }

  public boolean isEverything() {
    return text.equals("*");
  }

  public boolean matches(String topic) {
    if (!isWild()) {
      return text.equals(topic);
    }
    var head = pieces.getFirst();
    var tail = pieces.getLast();
    var end = topic.length() - tail.length();
    if (end < head.length() || !topic.startsWith(head) || !topic.endsWith(tail)) {
      return false;
    }
    var at = head.length();
    for (var piece : pieces.subList(1, pieces.size() - 1)) {
      var found = topic.indexOf(piece, at);
      if (found < 0 || found + piece.length() > end) {
        return false;
      }
      at = found + piece.length();
    }
    return true;
  }

  /// Takes every topic that the other takes.
  boolean covers(TopicPattern other) {
    return matches(other.text);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TopicPattern that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
