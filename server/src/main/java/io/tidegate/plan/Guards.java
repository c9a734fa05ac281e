package io.tidegate.plan;

import io.tidegate.base.Secret;
import io.tidegate.config.GatewayConfig;
import io.tidegate.config.Glob;
import io.tidegate.config.Guard;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The guards of a configuration, ready to judge.
final class Guards {
  private Guards() {}

  static List<GuardSpec> of(GatewayConfig config) {
    var specs = new ArrayList<GuardSpec>();
    for (var namespace : config.namespaces()) {
      namespace.guards().values().forEach(guard -> specs.add(spec(guard)));
    }
    return specs;
  }

  private static GuardSpec spec(Guard guard) {
    var name = guard.namespace() + ":" + guard.name();
    return switch (guard) {
      case Guard.Inline inline ->
          new GuardSpec.Inline(
              name, inline.identity().orElse(""), inline.credentials().orElse(new Secret("")));
      case Guard.OAuth2 oauth ->
          new GuardSpec.OAuth2(
              name,
              oauth.tokenUrl().toString(),
              oauth.clientId(),
              oauth.clientSecret(),
              oauth.scope(),
              oauth.audience(),
              oauth.inBody(),
              new OutboundHttp.Addresses(oauth.allow(), oauth.deny()));
      case Guard.Jwt jwt ->
          new GuardSpec.Jwt(
              name,
              jwt.issuer(),
              jwt.audience(),
              keys(jwt.keys()),
              jwt.roles(),
              jwt.identity(),
              jwt.attributes(),
              jwt.challenge());
      case Guard.X509 x509 ->
          new GuardSpec.X509(name, x509.identity(), x509.attributes(), roles(x509.roles()));
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

  private static Map<String, List<Map<String, Pattern>>> roles(
      Map<String, List<Map<String, Glob>>> roles) {
    var ready = new LinkedHashMap<String, List<Map<String, Pattern>>>();
    roles.forEach((role, alternatives) ->
        ready.put(role, alternatives.stream().map(Guards::patterns).toList()));
    return ready;
  }

  private static Map<String, Pattern> patterns(Map<String, Glob> fields) {
    var ready = new LinkedHashMap<String, Pattern>();
    fields.forEach((field, glob) -> ready.put(field, Pattern.of(glob.text())));
    return ready;
  }
}
