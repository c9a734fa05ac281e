/// What operators see and do: health, metrics and the management API, on a listener of their own.
///
/// Start reading at `AdminRouter`. May use: base, http, log, registry, guard, plan, filter, view,
/// inbox, delivery, outbox, ledger. Speaks: JSON.
@NullMarked
package io.tidegate.admin;

import org.jspecify.annotations.NullMarked;
