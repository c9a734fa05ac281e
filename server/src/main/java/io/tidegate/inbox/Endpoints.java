package io.tidegate.inbox;

import java.util.Optional;

/// The endpoints as this instance knows them now. Any thread, never blocks; the cost of a look-up
/// does not depend on how many there are.
public interface Endpoints {

  /// The endpoint of that id, revoked and expired ones included.
  Optional<Endpoint> find(String id);
}
