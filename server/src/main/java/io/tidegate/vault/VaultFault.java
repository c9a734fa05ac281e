package io.tidegate.vault;

/// A file of keys or certificates cannot be used; says which, why, and what to do. Holds no secret.
public final class VaultFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  VaultFault(String message) {
    super(message);
  }

  VaultFault(String message, Throwable cause) {
    super(message, cause);
  }
}
