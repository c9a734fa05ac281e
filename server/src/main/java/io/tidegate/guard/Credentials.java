package io.tidegate.guard;

import io.tidegate.base.Secret;

/// Credentials of requests that leave, as a guard holds or fetches them. Any thread; `now` may
/// wait, bounded, so it belongs on a virtual thread.
public interface Credentials {

  Given now();

  /// A receiver did not take these. True when there are others now, with which it is worth another
  /// try. May wait as `now` does.
  default boolean renew(Secret refused) {
    return false;
  }

  /// What there is.
  sealed interface Given {

    /// The text that goes into the place `{credentials}`.
    record Here(Secret text) implements Given {}

    /// @param why a sentence for the operator, without secrets
    record Missing(String why) implements Given {}
  }
}
