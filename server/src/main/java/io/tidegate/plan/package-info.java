/// What will run: listeners, routes, clusters, topics. Nothing is left to resolve.
///
/// Start reading at `Planner`, which turns a checked configuration into a `Plan`; `Plan` is what
/// the other rooms take their values from. May use: base, config.
@NullMarked
package io.tidegate.plan;

import org.jspecify.annotations.NullMarked;
