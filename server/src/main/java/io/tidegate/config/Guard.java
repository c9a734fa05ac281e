package io.tidegate.config;

import io.tidegate.base.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Who may pass: turns credentials into a session with an identity and roles.
public sealed interface Guard {

  Place place();

  String namespace();

  String name();

  /// Signed tokens. `roles` and `identity` name claims, `attributes` maps names to claims, and
  /// `challenge` is how long before its end a session is asked to renew.
  record Jwt(
      Place place,
      String namespace,
      String name,
      Optional<String> issuer,
      Optional<String> audience,
      Keys keys,
      String roles,
      String identity,
      Map<String, String> attributes,
      Optional<Duration> challenge)
      implements Guard {}

  /// Fixed credentials, mostly for outgoing use.
  record Inline(
      Place place,
      String namespace,
      String name,
      Optional<String> identity,
      Optional<Secret> credentials,
      Optional<String> format)
      implements Guard {}

  /// Tokens of an authorization server for outgoing use. `inBody`: the client's id and secret go
  /// into the body and not into a header; `allow` and `deny` say where the server may be.
  record OAuth2(
      Place place,
      String namespace,
      String name,
      URI tokenUrl,
      String clientId,
      Secret clientSecret,
      Optional<String> scope,
      Optional<String> audience,
      boolean inBody,
      List<String> allow,
      List<String> deny)
      implements Guard {}

  /// Client certificates. A role is held when every field matches in one of its alternatives.
  record X509(
      Place place,
      String namespace,
      String name,
      String identity,
      Map<String, String> attributes,
      Map<String, List<Map<String, Glob>>> roles)
      implements Guard {}

  /// Where the keys of a jwt guard come from.
  sealed interface Keys {
    /// Nowhere: no token is good.
    record None() implements Keys {}

    /// A JSON Web Key Set.
    record Remote(URI location) implements Keys {}

    /// The file itself.
    record Given(List<Jwk> keys) implements Keys {}
  }

  /// A public key, its members as in a JSON Web Key.
  record Jwk(Place place, String kid, String kty, Map<String, String> members) {

    /// The key as JSON text.
    public String json() {
      return new TreeMap<>(members)
          .entrySet().stream()
              .map(member -> "\"" + member.getKey() + "\":\"" + escaped(member.getValue()) + "\"")
              .collect(Collectors.joining(",", "{", "}"));
    }

    private static String escaped(String text) {
      return text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ");
    }
  }

  /// Empty when the type is not known.
  static Optional<Guard> read(String name, Value value) {
    Map<String, Function<Mapping, Guard>> types =
        Map.of(
            "jwt", guard -> options(guard, it -> jwt(name, it)),
            "inline", guard -> options(guard, it -> inline(name, it)),
            "oauth2", guard -> options(guard, it -> oauth2(name, it)),
            "x509", guard -> options(guard, it -> x509(name, it)));
    return Form.typed(types).read(value);
  }

  private static Guard options(Mapping guard, Function<Mapping, Guard> reader) {
    guard.forbid("kind", "guards have no kind since Zilla 2; leave the line out");
    return guard.section("options", reader);
  }

  private static Guard jwt(String name, Mapping options) {
    var issuer = options.optional("issuer", Form.TEXT);
    var audience = options.optional("audience", Form.TEXT);
    if (issuer.isEmpty() || audience.isEmpty()) {
      options.warn("without 'issuer' and 'audience' every token is refused");
    }
    return new Jwt(
        options.place(),
        options.reading().namespace(),
        name,
        issuer,
        audience,
        options.optional("keys", Form.of("keys", Guard::keys)).orElseGet(() -> discovered(issuer)),
        options.or("roles", Form.TEXT, "scope"),
        options.or("identity", Form.TEXT, "sub"),
        options.map("attributes", Form.TEXT),
        options.optional("challenge", Form.seconds(0)));
  }

  private static Keys discovered(Optional<String> issuer) {
    return issuer
        .flatMap(it -> Form.uri(it.replaceAll("/$", "") + "/.well-known/jwks.json"))
        .<Keys>map(Keys.Remote::new)
        .orElseGet(Keys.None::new);
  }

  private static Keys keys(Value value) {
    return value.isList()
        ? new Keys.Given(Form.listOf(Form.mapping(Guard::jwk)).read(value))
        : new Keys.Remote(Form.HTTP_URI.read(value));
  }

  private static Jwk jwk(Mapping key) {
    var kid = key.required("kid", Form.TEXT);
    var kty = key.required("kty", Form.word("RSA", "EC", "OKP"));
    var members = new HashMap<>(Map.of("kid", kid, "kty", kty));
    for (var member : members(kty)) {
      members.put(member, key.required(member, Form.TEXT));
    }
    for (var member : List.of("alg", "use")) {
      key.optional(member, Form.TEXT).ifPresent(text -> members.put(member, text));
    }
    return new Jwk(key.place(), kid, kty, Map.copyOf(members));
  }

  private static List<String> members(String kty) {
    return switch (kty) {
      case "RSA" -> List.of("n", "e");
      case "EC" -> List.of("crv", "x", "y");
      default -> List.of("crv", "x");
    };
  }

  private static Guard inline(String name, Mapping options) {
    return new Inline(
        options.place(),
        options.reading().namespace(),
        name,
        options.optional("identity", Form.TEXT),
        options.optional("credentials", Form.SECRET),
        options.optional("format", Form.TEXT));
  }

  private static Guard oauth2(String name, Mapping options) {
    var tokenUrl = options.required("token-url", Form.HTTP_URI);
    check(tokenUrl, options);
    var addresses = options.section("addresses", KafkaHttp::addresses);
    return new OAuth2(
        options.place(),
        options.reading().namespace(),
        name,
        tokenUrl,
        options.required("client-id", Form.TEXT),
        options.required("client-secret", Form.SECRET),
        options.optional("scope", Form.oneOrMore(Form.TEXT)).map(it -> String.join(" ", it)),
        options.optional("audience", Form.TEXT),
        options.or("auth", Form.word("basic", "post"), "basic").equals("post"),
        texts(addresses.getFirst()),
        texts(addresses.getLast()));
  }

  private static void check(URI tokenUrl, Mapping options) {
    if (tokenUrl.getUserInfo() != null || tokenUrl.getFragment() != null) {
      options.fault(
          "'token-url' holds credentials or a fragment",
          "'client-id' and 'client-secret' for them");
    }
    var host = String.valueOf(tokenUrl.getHost());
    var onThisMachine = host.equals("localhost") || host.startsWith("127.");
    if (!tokenUrl.getScheme().equalsIgnoreCase("https") && !onThisMachine) {
      options.warn("the client's secret goes to 'token-url' in clear text");
    }
  }

  private static List<String> texts(List<KafkaHttp.Network> networks) {
    return networks.stream().map(KafkaHttp.Network::text).toList();
  }

  private static Guard x509(String name, Mapping options) {
    return new X509(
        options.place(),
        options.reading().namespace(),
        name,
        options.or("identity", Form.TEXT, "subject.dn"),
        options.map("attributes", Form.TEXT),
        options.map("roles", Form.listOf(Form.mapOf(Glob.FORM))));
  }
}
