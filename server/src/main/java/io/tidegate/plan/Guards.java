package io.tidegate.plan;

import io.tidegate.base.Secret;
import io.tidegate.config.GatewayConfig;
import io.tidegate.config.Guard;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// The guards of a configuration, ready to judge.
final class Guards {
  private static final JsonMapper JSON = new JsonMapper();

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
      case Guard.Jwt jwt -> Optional.of(jwt(name, jwt));
      case Guard.X509 _ -> {
        faults.notYet(guard.place(), "guard type 'x509'");
        yield Optional.empty();
      }
    };
  }

  private static GuardSpec jwt(String name, Guard.Jwt jwt) {
    return new GuardSpec.Jwt(
        name,
        jwt.issuer(),
        jwt.audience(),
        switch (jwt.keys()) {
          case Guard.Keys.None _ -> new GuardSpec.Keys.Given(List.of());
          case Guard.Keys.Remote(var location) -> new GuardSpec.Keys.At(location.toString());
          case Guard.Keys.Given(var keys) ->
              new GuardSpec.Keys.Given(keys.stream().map(Guards::json).toList());
        },
        jwt.roles(),
        jwt.identity(),
        jwt.attributes(),
        jwt.challenge());
  }

  private static String json(Guard.Jwk key) {
    var json = JSON.createObjectNode().put("kid", key.kid()).put("kty", key.kty());
    key.members().forEach(json::put);
    return json.toString();
  }
}
