package io.tidegate.guard;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Public keys by their ids (RFC 7517). A key that we cannot use is left out, and said so; a set
/// may hold keys for others.
final class JwkSet {
  private static final Logger LOG = LoggerFactory.getLogger(JwkSet.class);
  private static final int MOST = 1000;

  private final Map<String, TokenKey> byId;

  private JwkSet(Map<String, TokenKey> byId) {
    this.byId = Map.copyOf(byId);
  }

  static JwkSet empty() {
    return new JwkSet(Map.of());
  }

  /// @param jwks each a JWK as JSON text
  static JwkSet of(String guard, List<String> jwks) {
    var keys = new HashMap<String, TokenKey>();
    for (var jwk : jwks) {
      try {
        add(guard, keys, JWK.parse(jwk));
      } catch (ParseException | IllegalArgumentException unusable) {
        leftOut(guard, "?", "it is not a JWK of a known type");
      }
    }
    return new JwkSet(keys);
  }

  /// @param json a JWK set; fails when it is none
  static JwkSet parse(String guard, String json) throws ParseException {
    var members = JSONObjectUtils.getJSONObjectArray(JSONObjectUtils.parse(json), "keys");
    if (members == null || members.length > MOST) {
      throw new ParseException("no list of keys, or too long a one", 0);
    }
    var keys = new HashMap<String, TokenKey>();
    for (var member : members) {
      try {
        add(guard, keys, JWK.parse(member));
      } catch (ParseException | IllegalArgumentException unusable) {
        leftOut(guard, "?", "it is not a JWK of a known type");
      }
    }
    return new JwkSet(keys);
  }

  private static void add(String guard, Map<String, TokenKey> keys, JWK jwk) {
    var id = jwk.getKeyID();
    if (id == null) {
      leftOut(guard, "?", "it has no kid");
      return;
    }
    TokenKey.of(jwk)
        .ifPresentOrElse(
            key -> keys.put(id, key),
            () -> leftOut(guard, id, "it is no public key for signatures that are known here"));
  }

  private static void leftOut(String guard, String id, String reason) {
    LOG.atWarn()
        .addKeyValue("guard", guard)
        .addKeyValue("kid", id)
        .addKeyValue("reason", reason)
        .log("a key of the guard is left out");
  }

  Optional<TokenKey> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  int size() {
    return byId.size();
  }

  boolean sameAs(JwkSet other) {
    return byId.equals(other.byId);
  }
}
