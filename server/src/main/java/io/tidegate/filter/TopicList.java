package io.tidegate.filter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Predicate;

/// The topics a destination subscribes to: names, patterns where they are allowed, or `*` alone.
///
/// @param patterns at least one
public record TopicList(List<TopicPattern> patterns) {
  public static final int MOST = 1000;

  public TopicList {
    patterns = List.copyOf(patterns);
    if (patterns.isEmpty() || patterns.size() > MOST) {
      throw new IllegalArgumentException("a list has 1 to " + MOST + " topics");
    }
  }

  /// What a list may name.
  ///
  /// @param known all topics there are; empty when any will do
  /// @param patterns whether `*` may stand inside a name
  public record Rules(Collection<String> known, boolean patterns) {
    public Rules {
      known = List.copyOf(new LinkedHashSet<>(known));
    }
  }

  public static TopicList of(String... topics) {
    return new TopicList(List.of(topics).stream().map(TopicPattern::of).toList());
  }

  /// What is wrong with a list of topics; empty when nothing is.
  public static List<String> faults(List<String> topics, Rules rules) {
    if (topics.isEmpty() || topics.size() > MOST) {
      return List.of("expected 1 to " + MOST + " topics, found " + topics.size());
    }
    if (topics.equals(List.of("*"))) {
      return List.of();
    }
    return topics.stream()
        .map(topic -> fault(topic, rules))
        .filter(Predicate.not(String::isEmpty))
        .toList();
  }

  private static String fault(String topic, Rules rules) {
    var shown = "'" + Shown.text(topic) + "'";
    if (topic.isEmpty() || topic.length() > TopicPattern.LONGEST) {
      return shown + ": expected 1 to " + TopicPattern.LONGEST + " characters";
    }
    var pattern = TopicPattern.of(topic);
    if (pattern.isEverything()) {
      return rules.known().isEmpty() && rules.patterns()
          ? ""
          : shown + " stands alone or not at all";
    }
    if (pattern.isWild() && !rules.patterns()) {
      return shown + ": patterns are not allowed, only names or '*' alone";
    }
    var isKnown = rules.known().isEmpty() || rules.known().stream().anyMatch(pattern::matches);
    return isKnown ? "" : shown + (pattern.isWild() ? " matches no topic" : " is not a topic");
  }

  /// Whether an event with that topic is for this list. One without a topic, or with the topic `*`,
  /// is for everyone.
  ///
  /// @param patternsAllowed without it, patterns are kept but take nothing; `*` takes everything
  public boolean takes(String topic, boolean patternsAllowed) {
    if (topic.isEmpty() || topic.equals("*")) {
      return true;
    }
    for (var pattern : patterns) {
      var counts = patternsAllowed || !pattern.isWild() || isEverything();
      if (counts && pattern.matches(topic)) {
        return true;
      }
    }
    return false;
  }

  /// It is `*` alone.
  public boolean isEverything() {
    return patterns.size() == 1 && patterns.getFirst().isEverything();
  }

  /// The same without what is there twice or is covered by a wider pattern; it takes the same.
  public TopicList reduced() {
    var kept = new ArrayList<TopicPattern>();
    for (var pattern : new LinkedHashSet<>(patterns)) {
      var isCovered =
          patterns.stream()
              .anyMatch(wider ->
                  !wider.equals(pattern) && wider.covers(pattern) && !pattern.covers(wider));
      if (!isCovered) {
        kept.add(pattern);
      }
    }
    return new TopicList(kept);
  }

  /// As it is written.
  public List<String> texts() {
    return patterns.stream().map(TopicPattern::text).toList();
  }
}
