/// A topic held ready for reading: latest by key, by header, by offset; bounded memory, older data
/// on disk.
///
/// Start reading at `TopicView`. May use: base, log, plan. Speaks: RocksDB.
@NullMarked
package io.tidegate.view;

import org.jspecify.annotations.NullMarked;
