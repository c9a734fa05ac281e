/// Inbound webhooks: the endpoints that senders post to, and the handler that stores what they
/// send.
///
/// Start reading at `WebhookHandler`; at `EndpointKind` for how endpoints are made and changed. May
/// use: base, http, log, registry, guard, plan.
@NullMarked
package io.tidegate.inbox;

import org.jspecify.annotations.NullMarked;
