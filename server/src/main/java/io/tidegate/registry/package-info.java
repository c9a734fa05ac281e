/// Things kept in a compacted topic and changed by commands: one writer at a time, everyone reads.
/// Also the key that seals secrets before they enter any topic.
///
/// Start reading at `Registries`. May use: base, log. Speaks: JSON.
///
///     submit → tidegate.commands → Registrar (one at a time): judge → snapshot → tidegate.endpoints
///                                                             refuse → tidegate.rejections
///     tidegate.endpoints → Registry (everywhere): replay, then follow
@NullMarked
package io.tidegate.registry;

import org.jspecify.annotations.NullMarked;
