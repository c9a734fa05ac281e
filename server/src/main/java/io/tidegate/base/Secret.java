package io.tidegate.base;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// A text that must not be seen: a password, a key, a token. Prints as `***`; compares in constant
/// time.
public record Secret(String reveal) {

  /// True when `candidate` is this secret. Takes the same time wherever the two differ.
  public boolean matches(String candidate) {
    return MessageDigest.isEqual(
        reveal.getBytes(StandardCharsets.UTF_8), candidate.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "***";
  }
}
