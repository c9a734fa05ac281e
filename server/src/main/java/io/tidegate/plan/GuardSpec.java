package io.tidegate.plan;

import io.tidegate.base.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who judges callers, and how.
public sealed interface GuardSpec {

  /// `namespace:guard`
  String name();

  /// Fixed credentials for what Tidegate itself sends. As a judge of callers it accepts anything
  /// and knows no roles.
  record Inline(String name, String identity, Secret credentials) implements GuardSpec {}

  /// Tokens that an authorization server gives to Tidegate itself (RFC 6749, 4.4). As a judge of
  /// callers it accepts nobody.
  ///
  /// @param scope words with spaces between
  /// @param inBody the client's id and secret go into the body, not into a header
  /// @param addresses where the token server may be
  record OAuth2(
      String name,
      String tokenUrl,
      String clientId,
      Secret clientSecret,
      Optional<String> scope,
      Optional<String> audience,
      boolean inBody,
      OutboundHttp.Addresses addresses)
      implements GuardSpec {

    /// How the token server is spoken to: with the platform's trust, and the checks of addresses
    /// that hold for whatever leaves.
    public OutboundHttp outbound() {
      var tls =
          new TlsClient(
              Set.of(TlsServer.Version.values()),
              Optional.empty(),
              true,
              Optional.empty(),
              Optional.empty(),
              List.of());
      return new OutboundHttp(
          name,
          Optional.empty(),
          Optional.of(tls),
          Set.of(HttpService.Version.HTTP_1_1),
          List.of(),
          Optional.empty(),
          addresses,
          Optional.empty());
    }
  }

  /// JSON Web Tokens (RFC 7519). Without an issuer and an audience no token is good.
  ///
  /// @param rolesClaim name of the claim, or a dotted path to it; so are the two that follow
  /// @param attributes names to claims
  /// @param challenge how long before its end a session is asked to renew itself
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

  /// Client certificates. Fields are named as in `subject.dn`.
  ///
  /// @param attributes names to fields
  /// @param roles each held when, in one of its alternatives, every field matches
  record X509(
      String name,
      String identity,
      Map<String, String> attributes,
      Map<String, List<Map<String, Pattern>>> roles)
      implements GuardSpec {
    public X509 {
      attributes = Map.copyOf(attributes);
      roles = Map.copyOf(roles);
    }
  }

  /// The public keys that tokens may be signed with.
  sealed interface Keys {

    /// @param jwks each a JSON Web Key (RFC 7517) as text
    record Given(List<String> jwks) implements Keys {
      public Given {
        jwks = List.copyOf(jwks);
      }
    }

    /// A JSON Web Key Set that is published at a URL.
    record At(String url) implements Keys {}
  }
}
