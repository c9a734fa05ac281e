package io.tidegate.outbox;

import io.tidegate.registry.Judgement.Fault;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Which topics a destination wants: names in which `*` stands for any run of characters.
///
/// @param patterns at least one
public record Subscription(List<String> patterns) {
  public static final Subscription ALL = new Subscription(List.of("*"));

  private static final int MOST = 256;

  public Subscription {
    patterns = patterns.contains("*") ? List.of("*") : List.copyOf(patterns);
  }

  public boolean isAll() {
    return patterns.equals(ALL.patterns);
  }

  /// @param topic empty for an event without one, which only `*` matches
  public boolean matches(String topic) {
    return patterns.stream().anyMatch(pattern -> matches(pattern, topic));
  }

  /// True when the topic is of the pattern.
  static boolean matches(String pattern, String topic) {
    int at = 0;
    int topicAt = 0;
    int star = -1;
    int resume = 0;
    while (topicAt < topic.length()) {
      if (at < pattern.length() && pattern.charAt(at) == '*') {
        star = at++;
        resume = topicAt;
      } else if (at < pattern.length() && pattern.charAt(at) == topic.charAt(topicAt)) {
        at++;
        topicAt++;
      } else if (star >= 0) {
        at = star + 1;
        topicAt = ++resume;
      } else {
        return false;
      }
    }
    while (at < pattern.length() && pattern.charAt(at) == '*') {
      at++;
    }
    return at == pattern.length() && (!topic.isEmpty() || pattern.equals("*"));
  }

  /// `"*"`, or a list of names.
  static Subscription read(@Nullable JsonNode node, List<Fault> faults) {
    var patterns = new ArrayList<String>();
    if (node != null && node.isString()) {
      patterns.add(node.asString());
    } else if (node != null && node.isArray()) {
      node.forEach(each -> patterns.add(Words.text(each)));
    }
    if (patterns.isEmpty()
        || patterns.size() > MOST
        || !patterns.stream().allMatch(TopicPolicy::isLegal)) {
      faults.add(new Fault("/topics", "\"*\", or a list of 1 to " + MOST + " topics was expected"));
      return ALL;
    }
    return new Subscription(patterns.stream().distinct().toList());
  }

  public JsonNode write() {
    var nodes = JsonNodeFactory.instance;
    if (isAll()) {
      return nodes.stringNode("*");
    }
    var list = nodes.arrayNode();
    patterns.forEach(list::add);
    return list;
  }
}
