/// House-wide values: bytes, secrets, time.
///
/// Start reading at `Bytes`. May use: nothing.
@NullMarked
package io.tidegate.base;

import org.jspecify.annotations.NullMarked;
