/// An HTTP exchange as plain values, and who answers it.
///
/// Start reading at `Handler`. May use: base.
@NullMarked
package io.tidegate.http;

import org.jspecify.annotations.NullMarked;
