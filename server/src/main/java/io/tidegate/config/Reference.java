package io.tidegate.config;

import java.util.Locale;

/// A name used in one place for something declared in another. In a `GatewayConfig` it always leads
/// somewhere; `GatewayConfig.binding` and its siblings follow it.
public record Reference(Place place, Target target, String namespace, String name) {

  /// What kind of thing is meant.
  public enum Target {
    BINDING,
    GUARD,
    VAULT,
    CATALOG,
    STORE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// `namespace:name`
  @Override
  public String toString() {
    return namespace + ":" + name;
  }
}
