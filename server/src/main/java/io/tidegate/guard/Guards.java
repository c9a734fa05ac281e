package io.tidegate.guard;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The guards of a plan, by name. Immutable; any thread.
public final class Guards {
  public static final Guards NONE = new Guards(Map.of());

  private final Map<String, Guard> byName;

  private Guards(Map<String, Guard> byName) {
    this.byName = byName;
  }

  public static Guards of(Collection<? extends Guard> guards) {
    return new Guards(
        guards.stream().collect(Collectors.toUnmodifiableMap(Guard::name, Function.identity())));
  }

  public Optional<Guard> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// Those that a guard gives to requests that leave; empty when it gives none.
  public Optional<Credentials> credentials(String name) {
    return find(name).filter(Credentials.class::isInstance).map(Credentials.class::cast);
  }
}
