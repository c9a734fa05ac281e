package io.tidegate.app;

import java.util.List;

/// Something that runs and has a name that outlives changes of the configuration: a cluster, a
/// listener. What it should be is a value, so that "changed" can be asked.
///
/// @param id stable across reloads
/// @param spec what it is made from; equal specs run on untouched
/// @param needs ids of parts that must run before it, and without which it cannot go on
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

    /// Becomes `next` without stopping; false means that it has to be stopped and started for that.
    /// Throws when `next` cannot be, having changed nothing.
    default boolean adopt(Part next) {
      return false;
    }

    void stop();
  }
}
