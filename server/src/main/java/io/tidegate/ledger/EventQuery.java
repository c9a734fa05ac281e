package io.tidegate.ledger;

import java.util.List;

/// Which events are wanted; an empty list wants all.
///
/// @param destinations that an event was to be delivered to
/// @param time of the events, as their publishers say
/// @param since stored at or after this, in milliseconds since 1970
public record EventQuery(
    List<String> ids,
    List<String> tenants,
    List<String> destinations,
    List<String> topics,
    Span time,
    long since,
    Window window) {
  public EventQuery {
    ids = List.copyOf(ids);
    tenants = List.copyOf(tenants);
    destinations = List.copyOf(destinations);
    topics = List.copyOf(topics);
  }
}
