package io.tidegate.app;

/// Something that the person at the keyboard can mend; the message says what, where, and how.
final class UserFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UserFault(String message) {
    super(message);
  }

  UserFault(String message, Throwable cause) {
    super(message, cause);
  }

  /// A failure whose own message says it all.
  UserFault(RuntimeException cause) {
    super(String.valueOf(cause.getMessage()), cause);
  }
}
