/// The durable record log: appending to topics and following them.
///
/// Start reading at `RecordLog`. May use: base. Speaks: Kafka clients.
@NullMarked
package io.tidegate.log;

import org.jspecify.annotations.NullMarked;
