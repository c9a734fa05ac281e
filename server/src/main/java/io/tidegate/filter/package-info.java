/// Which events are wanted: the filter language, compiled once and matched against documents that
/// were read once; and patterns of topics.
///
/// Start reading at `Filter`. A `Document` is what a filter looks at; a `Condition` is one node of
/// a compiled filter; `Explanation` says why a document passed or not. Speaks RE2/J. May use: base.
@NullMarked
package io.tidegate.filter;

import org.jspecify.annotations.NullMarked;
