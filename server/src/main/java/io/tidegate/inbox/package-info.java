/// Inbound webhooks: the endpoints that senders post to, and the handler that stores what they
/// send.
///
/// Start reading at `WebhookHandler`. May use: base, http, log, guard, plan.
@NullMarked
package io.tidegate.inbox;

import org.jspecify.annotations.NullMarked;
