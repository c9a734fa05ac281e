package io.tidegate.vault;

import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/// What a file holds cannot be read; the message says why, but not which file.
final class Unreadable extends GeneralSecurityException {
  private static final long serialVersionUID = 1L;

  Unreadable(String message) {
    this(message, null);
  }

  Unreadable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
