package io.tidegate.plan;

import io.tidegate.base.Secret;

/// Who judges callers, and how.
public sealed interface GuardSpec {

  /// `namespace:guard`
  String name();

  /// Fixed credentials for what Tidegate itself sends. As a judge of callers it accepts anything
  /// and knows no roles.
  record Inline(String name, String identity, Secret credentials) implements GuardSpec {}
}
