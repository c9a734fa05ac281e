package io.tidegate.admin;

import io.tidegate.base.Time;
import io.tidegate.outbox.Outbox;
import java.net.URI;
import java.util.Optional;

/// What event destinations are managed with.
///
/// @param portal where tenants see their own things, if there is such a page
public record OutboxParts(
    Outbox outbox, TenantTokens tokens, Optional<URI> portal, Health health, Time time) {}
