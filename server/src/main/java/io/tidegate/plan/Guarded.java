package io.tidegate.plan;

import java.util.List;

/// What a route demands of a caller: a session of that guard that holds all of these roles.
///
/// @param guard `namespace:guard`
public record Guarded(String guard, List<String> roles) {
  public Guarded {
    roles = List.copyOf(roles);
  }
}
