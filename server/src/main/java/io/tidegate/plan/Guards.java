package io.tidegate.plan;

import io.tidegate.base.Secret;
import io.tidegate.config.GatewayConfig;
import io.tidegate.config.Guard;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The guards of a configuration, ready to judge.
final class Guards {
  private Guards() {}

  static List<GuardSpec> of(GatewayConfig config, Faults faults) {
    var specs = new ArrayList<GuardSpec>();
    for (var namespace : config.namespaces()) {
      namespace.guards().values().forEach(guard -> spec(guard, faults).ifPresent(specs::add));
    }
    return specs;
  }

  private static Optional<GuardSpec> spec(Guard guard, Faults faults) {
    var name = guard.namespace() + ":" + guard.name();
    return switch (guard) {
      case Guard.Inline inline ->
          Optional.of(
              new GuardSpec.Inline(
                  name, inline.identity().orElse(""), inline.credentials().orElse(new Secret(""))));
      case Guard.Jwt jwt ->
          Optional.of(
              new GuardSpec.Jwt(
                  name,
                  jwt.issuer(),
                  jwt.audience(),
                  keys(jwt.keys()),
                  jwt.roles(),
                  jwt.identity(),
                  jwt.attributes(),
                  jwt.challenge()));
      case Guard.X509 _ -> notYet(guard, "x509", faults);
    };
  }

  private static GuardSpec.Keys keys(Guard.Keys keys) {
    return switch (keys) {
      case Guard.Keys.None() -> new GuardSpec.Keys.Given(List.of());
      case Guard.Keys.Remote(var location) -> new GuardSpec.Keys.At(location.toString());
      case Guard.Keys.Given(var given) ->
          new GuardSpec.Keys.Given(given.stream().map(Guard.Jwk::json).toList());
    };
  }

  private static Optional<GuardSpec> notYet(Guard guard, String type, Faults faults) {
    faults.notYet(guard.place(), "guard type '" + type + "'");
    return Optional.empty();
  }
}
