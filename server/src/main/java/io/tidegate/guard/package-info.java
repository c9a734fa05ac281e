/// Who may pass: tokens and signatures, checked on what comes in, made for what goes out.
///
/// Start reading at `Guard`. May use: base, http, plan. Speaks: JWT.
@NullMarked
package io.tidegate.guard;

import org.jspecify.annotations.NullMarked;
