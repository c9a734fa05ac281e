package io.tidegate.edge;

import io.tidegate.guard.Guards;
import io.tidegate.http.Router;
import io.tidegate.plan.KafkaMapping;
import java.util.function.Function;

/// What an HTTP listener needs of the house behind it.
///
/// @param topics who answers for a mapping of topics; asked when a route table is built
/// @param guards who judges callers
/// @param log hears of every request
public record Backends(Function<KafkaMapping, Router> topics, Guards guards, AccessLog log) {

  /// Without guards, and nobody listening.
  public static Backends of(Function<KafkaMapping, Router> topics) {
    return new Backends(topics, Guards.NONE, AccessLog.NONE);
  }
}
