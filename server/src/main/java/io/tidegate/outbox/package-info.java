/// Event destinations: tenants, what they subscribe to, and the events that are published for them.
///
/// Start reading at `Outbox`; `DestinationType` is the port to kinds of targets. May use: base, http,
/// log, registry, guard, plan, filter, delivery. Speaks: JSON.
///
///     publish → Publisher → tidegate.events (by tenant)
///     tidegate.events → Fanout (one owner a partition) → tidegate.deliveries (by destination)
///     tidegate.deliveries → lanes → DeliverySender → the destination
///     commands → TenantKind, DestinationKind → tidegate.tenants, tidegate.destinations → Directory
@NullMarked
package io.tidegate.outbox;

import org.jspecify.annotations.NullMarked;
