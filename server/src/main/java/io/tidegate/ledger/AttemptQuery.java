package io.tidegate.ledger;

import java.util.List;
import java.util.Optional;

/// Which attempts are wanted; an empty list wants all.
///
/// @param events ids
/// @param delivered only those that succeeded, or only those that failed
/// @param time of the attempts
public record AttemptQuery(
    List<String> tenants,
    List<String> events,
    List<String> destinations,
    List<String> types,
    List<String> topics,
    Optional<Boolean> delivered,
    Span time,
    Window window) {
  public AttemptQuery {
    tenants = List.copyOf(tenants);
    events = List.copyOf(events);
    destinations = List.copyOf(destinations);
    types = List.copyOf(types);
    topics = List.copyOf(topics);
  }
}
