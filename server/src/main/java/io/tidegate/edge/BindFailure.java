package io.tidegate.edge;

/// An address that cannot be listened on. The message says which, why, and what to do.
public final class BindFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BindFailure(String message) {
    super(message);
  }
}
