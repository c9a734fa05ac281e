package io.tidegate.delivery;

import io.tidegate.base.Bytes;

/// Where a record goes.
public sealed interface Routing {

  /// To a receiver.
  ///
  /// @param lane what stays in order with it: the key of the record, or the value of a header
  /// @param authority whose limits it counts against: host and port
  record To(Bytes lane, String authority) implements Routing {}

  /// Nowhere, and that is well: it has no value, or no route wants it.
  record Skip() implements Routing {}

  /// Nowhere, and somebody should know: its key is not a URL, a header smuggles.
  ///
  /// @param cause a sentence for people, without contents
  record Refuse(String cause) implements Routing {}
}
