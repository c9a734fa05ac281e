package io.tidegate.app;

import java.util.List;

/// Something that runs and has a name that outlives changes of the configuration: a cluster, a
/// listener. What it should be is a value, so that "changed" can be asked.
///
/// @param id stable across reloads
/// @param spec what it is made from; equal specs run on untouched
/// @param needs ids of parts that it is made from; when one is started anew, it adopts that or is
///   too
/// @param starter makes it run
record Part(String id, Object spec, List<String> needs, Starter starter) {
  Part {
    needs = List.copyOf(needs);
  }

  /// Starts a part, or throws and leaves nothing behind.
  interface Starter {
    Running start();
  }

  /// A part that runs.
  interface Running {

    /// True when it can become `next` without stopping. What it needs may have been started anew.
    default boolean canAdopt(Part next) {
      return false;
    }

    /// Becomes `next`. Throws when that fails, having changed nothing.
    default void adopt(Part next) {
      throw new IllegalStateException(next.id() + " cannot change while it runs");
    }

    void stop();
  }
}
