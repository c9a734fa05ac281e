/// House-wide values: bytes, secrets, time, and which network addresses may be used.
///
/// Start reading at `Bytes`. May use: nothing.
@NullMarked
package io.tidegate.base;

import org.jspecify.annotations.NullMarked;
