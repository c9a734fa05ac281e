package io.tidegate.plan;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// An `event-destinations` binding: events are published for tenants, and delivered to what each of
/// them has subscribed.
///
/// @param topics those that there are, with `*` for any run of characters; none: all
/// @param strict topics that there are not are refused
/// @param signature of destinations that do not say: `outpost` or `standard-webhooks`
/// @param mostDestinations of one tenant
/// @param types of destinations that are offered, by name
/// @param portal where tenants see their own things
/// @param sources topics whose records are events too
/// @param order JSON pointer to the field by which deliveries stay in order, if one does
/// @param disabling when a destination that only fails is disabled
/// @param pump how deliveries are made; its one route says through what
public record Destinations(
    List<String> topics,
    boolean strict,
    String signature,
    int mostDestinations,
    List<String> types,
    Optional<URI> portal,
    List<EventSource> sources,
    Optional<String> order,
    Disabling disabling,
    Pump pump) {
  /// Where deliveries wait to be made.
  public static final String DELIVERIES = "tidegate.deliveries";

  /// The header by which deliveries stay in order when a field of the event says so.
  public static final String ORDER = "tidegate-order";

  /// After so many failures in a row that last for so long, or when they last for `atMost`.
  ///
  /// @param failures 0: never
  public record Disabling(int failures, Duration lasting, Duration atMost) {}

  public Destinations {
    topics = List.copyOf(topics);
    sources = List.copyOf(sources);
    types = List.copyOf(types);
  }

  public String name() {
    return pump.name();
  }

  public String cluster() {
    return pump.cluster();
  }

  public OutboundHttp exit() {
    return pump.routes().getFirst().exit();
  }
}
