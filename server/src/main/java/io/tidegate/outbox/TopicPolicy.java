package io.tidegate.outbox;

import java.util.List;

/// Which topics there are, and what is done about others.
///
/// @param names in which `*` stands for any run of characters; none: every topic is fine
/// @param strict others are refused; else they are let through and counted
public record TopicPolicy(List<String> names, boolean strict) {
  public static final TopicPolicy OPEN = new TopicPolicy(List.of(), false);

  private static final int LONGEST = 128;

  public TopicPolicy {
    names = List.copyOf(names);
  }

  static boolean isLegal(String topic) {
    return !topic.isBlank()
        && topic.length() <= LONGEST
        && topic.chars().noneMatch(Character::isISOControl);
  }

  public boolean isOpen() {
    return names.isEmpty();
  }

  /// True when an event may have this topic.
  boolean accepts(String topic) {
    return isLegal(topic) && topic.indexOf('*') < 0 && (!strict || knows(topic));
  }

  /// True when a topic is one of those that there are.
  public boolean knows(String topic) {
    return isOpen() || names.stream().anyMatch(name -> Subscription.matches(name, topic));
  }

  /// True when a destination may subscribe to this: a topic that there is, or a pattern that one of
  /// them matches.
  boolean isSubscribable(String pattern) {
    return !strict
        || isOpen()
        || pattern.equals("*")
        || knows(pattern)
        || names.stream().anyMatch(name -> Subscription.matches(pattern, name));
  }
}
