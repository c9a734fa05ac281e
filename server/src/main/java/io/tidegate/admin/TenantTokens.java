package io.tidegate.admin;

import io.tidegate.base.Time;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Tokens with which a tenant's browser may ask for that tenant's things: JWT, HS256 and nothing
/// else, for 24 hours. Any thread.
///
/// @param keys of HMAC; the first one signs, each of them is good
public record TenantTokens(List<byte[]> keys, Time time) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LIFE = Duration.ofHours(24);
  private static final String ISSUER = "outpost";
  private static final String HEADER =
      encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));
  private static final int LONGEST = 4096;

  public TenantTokens {
    keys = List.copyOf(keys);
  }

  /// Whom a token speaks for.
  ///
  /// @param life of the tenant when the token was made; empty when it was made elsewhere
  record Claims(String tenant, Optional<Integer> life) {}

  String sign(String tenant, int life) {
    var now = time.now().getEpochSecond();
    var claims =
        ApiJson.object()
            .put("iss", ISSUER)
            .put("sub", tenant)
            .put("iat", now)
            .put("exp", now + LIFE.toSeconds())
            .put("life", life);
    var content = HEADER + "." + encode(claims.toString().getBytes(StandardCharsets.UTF_8));
    return content + "." + encode(mac(keys.getFirst(), content));
  }

  /// Nothing unless it is one of ours, and in time.
  Optional<Claims> verify(String token) {
    var parts = token.split("\\.", -1);
    if (parts.length != 3 || token.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      var signature = Base64.getUrlDecoder().decode(parts[2]);
      var content = parts[0] + "." + parts[1];
      boolean signed = false;
      for (var key : keys) {
        signed |= MessageDigest.isEqual(mac(key, content), signature);
      }
      return signed && json(parts[0]).path("alg").asString("").equals("HS256")
          ? claims(json(parts[1]))
          : Optional.empty();
    } catch (IllegalArgumentException | JacksonException unreadable) {
      return Optional.empty();
    }
  }

  private Optional<Claims> claims(JsonNode claims) {
    var end = claims.path("exp");
    var tenant = claims.path("sub").asString("");
    boolean good =
        claims.path("iss").asString("").equals(ISSUER)
            && !tenant.isEmpty()
            && end.isNumber()
            && time.now().getEpochSecond() < end.asLong();
    if (!good) {
      return Optional.empty();
    }
    var life = claims.path("life");
    return Optional.of(
        new Claims(tenant, life.isInt() ? Optional.of(life.asInt()) : Optional.empty()));
  }

  private static JsonNode json(String part) {
    return JSON.readTree(Base64.getUrlDecoder().decode(part));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] mac(byte[] key, String content) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(content.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }
}
