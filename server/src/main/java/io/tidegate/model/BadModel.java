package io.tidegate.model;

/// A schema that does not compile, or a model that cannot be.
public final class BadModel extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BadModel(String message) {
    super(message);
  }

  static BadModel because(String what, Throwable cause) {
    var said = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    var line = said.lines().findFirst().orElse(said);
    var bad = new BadModel(what + ": " + line);
    bad.initCause(cause);
    return bad;
  }
}
