package io.tidegate.plan;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/// An `event-destinations` binding: events are published for tenants, and delivered to what each of
/// them has subscribed.
///
/// @param topics those that there are, with `*` for any run of characters; none: all
/// @param strict topics that there are not are refused
/// @param signature of destinations that do not say: `outpost` or `standard-webhooks`
/// @param mostDestinations of one tenant
/// @param portal where tenants see their own things
/// @param pump how deliveries are made; its one route says through what
public record Destinations(
    List<String> topics,
    boolean strict,
    String signature,
    int mostDestinations,
    Optional<URI> portal,
    Pump pump) {
  /// Where deliveries wait to be made.
  public static final String DELIVERIES = "tidegate.deliveries";

  public Destinations {
    topics = List.copyOf(topics);
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
