/// Sockets: who listens, how bytes become requests, which route they take, how replies leave; and
/// requests to the servers of others.
///
/// Start reading at `HttpListener`, then `Dispatcher`; or at `OutboundCalls`. May use: base, http,
/// guard, plan, vault. Speaks: Vert.x, Netty.
@NullMarked
package io.tidegate.edge;

import org.jspecify.annotations.NullMarked;
