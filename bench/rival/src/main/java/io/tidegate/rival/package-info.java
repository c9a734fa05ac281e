/// What others do for the same job, so that the benchmark can print it beside ours.
///
/// Start reading at `ParallelDelivery`.
@NullMarked
package io.tidegate.rival;

import org.jspecify.annotations.NullMarked;
