package io.tidegate.admin;

import io.tidegate.base.Time;
import io.tidegate.ledger.Ledger;
import io.tidegate.outbox.Outbox;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;

/// What event destinations are managed with.
///
/// @param portal where tenants see their own things, if there is such a page
/// @param ledger of what happened, while there is one
/// @param instance how this one is called, among several
public record OutboxParts(
    Outbox outbox,
    TenantTokens tokens,
    Optional<URI> portal,
    Health health,
    Time time,
    Supplier<Optional<Ledger>> ledger,
    String instance) {

  /// Without a ledger.
  public OutboxParts(
      Outbox outbox, TenantTokens tokens, Optional<URI> portal, Health health, Time time) {
    this(outbox, tokens, portal, health, time, Optional::empty, InstanceName.here());
  }

  public OutboxParts with(Supplier<Optional<Ledger>> other) {
    return new OutboxParts(outbox, tokens, portal, health, time, other, instance);
  }
}
