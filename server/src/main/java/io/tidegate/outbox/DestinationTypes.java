package io.tidegate.outbox;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The types that this instance can deliver to. No others are offered or accepted.
public final class DestinationTypes {
  private final Map<String, DestinationType> byName = new LinkedHashMap<>();

  public DestinationTypes(List<DestinationType> types) {
    types.forEach(type -> byName.put(type.name(), type));
  }

  public Optional<DestinationType> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  public List<DestinationType> all() {
    return List.copyOf(byName.values());
  }
}
