/// Gets each record to where it wants to go, in order and whatever the receivers do, and writes down
/// every attempt.
///
/// Start reading at `Courier`; `Sender` is the port to what lies outside. May use: base, http, log,
/// registry, guard, plan.
///
///     topic --own--> Courier --Sender.route--> Lane (one per key) --Sender.send--> the receiver
///                       |                        |
///                       '-- Progress <--settled--'-- Journal: tidegate.attempts
@NullMarked
package io.tidegate.delivery;

import org.jspecify.annotations.NullMarked;
