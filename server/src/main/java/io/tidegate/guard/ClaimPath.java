package io.tidegate.guard;

import com.nimbusds.jwt.JWTClaimsSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds a claim by its name, or by a dotted path through objects (`realm_access.roles`).
final class ClaimPath {
  private ClaimPath() {}

  /// A plain value as a text.
  static Optional<String> text(JWTClaimsSet claims, String path) {
    var value = find(claims, path);
    return value instanceof String || value instanceof Number || value instanceof Boolean
        ? Optional.of(value.toString())
        : Optional.empty();
  }

  /// The texts of a list, or the words of a text.
  static Set<String> words(JWTClaimsSet claims, String path) {
    var words = new LinkedHashSet<String>();
    var value = find(claims, path);
    if (value instanceof List<?> list) {
      for (var item : list) {
        if (item instanceof String text) {
          words.add(text);
        }
      }
    } else if (value instanceof String text) {
      words.addAll(List.of(text.strip().split("\\s+", -1)));
      words.remove("");
    }
    return words;
  }

  private static @Nullable Object find(JWTClaimsSet claims, String path) {
    var whole = claims.getClaim(path);
    if (whole != null) {
      return whole; // the name itself may hold dots
    }
    Object value = claims.getClaims();
    for (var step : path.split("\\.", -1)) {
      if (!(value instanceof Map<?, ?> object)) {
        return null;
      }
      value = object.get(step);
    }
    return value;
  }
}
