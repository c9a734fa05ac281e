package io.tidegate.outbox;

import io.tidegate.http.Call;
import java.util.Map;
import java.util.function.IntPredicate;

/// A type whose destinations get their events as HTTP requests.
public interface HttpType extends DestinationType {

  /// The request for one attempt.
  ///
  /// @param credentials opened
  /// @throws IllegalArgumentException with a sentence, when none can be made
  Call call(Map<String, String> config, Map<String, String> credentials, Outgoing outgoing);

  /// How to find out whether events could be delivered.
  ///
  /// @param credentials opened
  /// @throws IllegalArgumentException with a sentence, when there is no way
  Probe probe(Map<String, String> config, Map<String, String> credentials);

  /// A request that changes nothing over there.
  ///
  /// @param isFine for the status of the answer
  record Probe(Call call, IntPredicate isFine) {}
}
