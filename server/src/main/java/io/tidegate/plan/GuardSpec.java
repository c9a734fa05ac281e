package io.tidegate.plan;

import io.tidegate.base.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who judges callers, and how.
public sealed interface GuardSpec {

  /// `namespace:guard`
  String name();

  /// Fixed credentials for what Tidegate itself sends. As a judge of callers it accepts anything
  /// and knows no roles.
  record Inline(String name, String identity, Secret credentials) implements GuardSpec {}

  /// JSON Web Tokens.
  ///
  /// @param keys as configured: JWK objects as JSON text, or where to fetch them
  /// @param rolesClaim claim name or dotted path
  /// @param challenge how long before expiry a caller is asked to renew
  record Jwt(
      String name,
      Optional<String> issuer,
      Optional<String> audience,
      Keys keys,
      String rolesClaim,
      String identityClaim,
      Map<String, String> attributes,
      Optional<Duration> challenge)
      implements GuardSpec {
    public Jwt {
      attributes = Map.copyOf(attributes);
    }
  }

  /// Where the keys of a `jwt` guard come from.
  sealed interface Keys {
    record Given(List<String> jwks) implements Keys {
      public Given {
        jwks = List.copyOf(jwks);
      }
    }

    record At(String url) implements Keys {}
  }
}
