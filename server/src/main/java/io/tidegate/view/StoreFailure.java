package io.tidegate.view;

/// The store on disk did not do what it was asked.
final class StoreFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean damage;

  StoreFailure(String what, boolean damage, Throwable cause) {
    super(what, cause);
    this.damage = damage;
  }

  StoreFailure(String what) {
    super(what);
    this.damage = false;
  }

  /// What lies there is broken, and will not get better by trying again.
  boolean isDamage() {
    return damage;
  }
}
