package io.tidegate.outbox;

import java.util.regex.Pattern;

/// Names of headers whose values may be credentials: those that have authorization, cookie,
/// signature, key, token, secret and the like in them.
final class SecretNames {
  private static final Pattern SECRET =
      Pattern.compile(
          "authorization|authenticat|cookie|signature|secret|token|password|key|jwt|session"
              + "|credential|(^|[-_])auth($|[-_])",
          Pattern.CASE_INSENSITIVE);

  private SecretNames() {}

  static boolean has(String header) {
    return SECRET.matcher(header).find();
  }
}
