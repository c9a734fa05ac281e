package io.tidegate.admin;

import io.tidegate.base.Time;
import io.tidegate.inbox.Inbox;
import io.tidegate.inbox.RegisteredEndpoint;
import io.tidegate.inbox.WebhookConfig;
import io.tidegate.registry.Registries;
import io.tidegate.registry.Registry;
import io.tidegate.registry.SealingKey;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What endpoints are managed with.
///
/// @param config what is set for all of them; empty where there is no topic for it
/// @param inbox the webhooks that are taken in, while they are
/// @param urls the full URL of an endpoint's id, as senders know it
public record EndpointParts(
    Registries registries,
    Registry<RegisteredEndpoint> registry,
    Optional<Registry<WebhookConfig>> config,
    SealingKey key,
    Optional<Inbox> inbox,
    UnaryOperator<String> urls,
    Time time) {}
