/// Keys and certificates from files: opened, checked, made into TLS, and read again when they
/// change.
///
/// Start reading at `ServerTls`. May use: base, plan.
@NullMarked
package io.tidegate.vault;

import org.jspecify.annotations.NullMarked;
