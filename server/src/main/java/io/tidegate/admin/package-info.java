/// What operators see and do: health and metrics, on a listener of their own.
///
/// Start reading at `AdminRouter`. May use: base, http, log, guard, plan, view.
@NullMarked
package io.tidegate.admin;

import org.jspecify.annotations.NullMarked;
