/// What happened: events, deliveries and attempts, to be searched, listed and counted. An index of
/// topics in a file of this instance's; everything in it can be made again from them.
///
/// Start reading at `Ledger`. May use: base, log, outbox. Speaks: SQL (SQLite).
///
///     tidegate.events, .deliveries, .outcomes → Reading → Writer (one) → the file
///     Ledger.events, .attempts, .metrics      ← Readers (a few)        ← the file
///     Contents: what an index only points to, read from the log
@NullMarked
package io.tidegate.ledger;

import org.jspecify.annotations.NullMarked;
