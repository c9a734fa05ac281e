/// Files of a folder as replies.
///
/// Start reading at `FilesRouter`. May use: base, http, plan.
@NullMarked
package io.tidegate.files;

import org.jspecify.annotations.NullMarked;
