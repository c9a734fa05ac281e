package io.tidegate.edge;

import io.tidegate.guard.Guards;
import io.tidegate.http.Router;
import io.tidegate.http.Tracing;
import io.tidegate.plan.HttpService.Exit;
import java.util.function.Function;

/// What an HTTP listener needs of the house behind it.
///
/// @param routers who answers at an exit; asked when a route table is built
/// @param guards who judges callers
/// @param log hears of every request
/// @param tracing follows requests through processes
public record Backends(
    Function<Exit.Answered, Router> routers, Guards guards, AccessLog log, Tracing tracing) {

  public Backends(Function<Exit.Answered, Router> routers, Guards guards, AccessLog log) {
    this(routers, guards, log, Tracing.NONE);
  }

  /// Without guards, and nobody listening.
  public static Backends of(Function<Exit.Answered, Router> routers) {
    return new Backends(routers, Guards.NONE, AccessLog.NONE);
  }
}
