/// Puts the house together and runs it: commands, wiring, start, reload and stop.
///
/// Start reading at `Main` for what a user types, at `Wiring` for what runs. Nothing depends on
/// this room.
@NullMarked
package io.tidegate.app;

import org.jspecify.annotations.NullMarked;
