package io.tidegate.outbox;

import java.util.Optional;

/// The key of an event where it is written as a record: what an `Expression` picks out of it. Any
/// thread.
public final class KeyTemplate {
  private KeyTemplate() {}

  /// What is wrong with a template; goes on after the name of its field. None for an empty one.
  public static Optional<String> fault(String template) {
    try {
      if (!template.isEmpty()) {
        var _ = Expression.parse(template);
      }
      return Optional.empty();
    } catch (Expression.Unreadable unreadable) {
      return Optional.of(unreadable.why());
    }
  }

  /// The event's id when the template is empty or picks nothing.
  public static String key(String template, Outgoing outgoing) {
    if (template.isEmpty()) {
      return outgoing.event().id();
    }
    try {
      return Expression.parse(template).text(outgoing.scope()).orElse(outgoing.event().id());
    } catch (Expression.Unreadable once) {
      return outgoing.event().id();
    }
  }
}
