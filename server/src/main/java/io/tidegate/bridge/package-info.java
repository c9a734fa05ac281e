/// HTTP ⇄ topic: requests become records, records become replies.
///
/// Start reading at `TopicsRouter`, which picks the route; a one-way POST goes on in `OneWay`, a
/// GET in `FetchOne` or `FetchMany`, a request with a reply topic in `RequestReply`. May use: base,
/// http, log, guard, plan, view. Speaks: JSON.
@NullMarked
package io.tidegate.bridge;

import org.jspecify.annotations.NullMarked;
