/// Measures the product beside its physical limits, in turn and in one run, and prints the ratios.
///
/// Start reading at `Bench`. A `Scenario` is run by a `Duel` between two `Side`s, each in a process
/// of its own; `Load` drives one of them for a `Turn`. May use: the broker module, and the server
/// module for `RegistryReplay`, `FilterSpeed` and `LedgerFold`.
@NullMarked
package io.tidegate.bench;

import org.jspecify.annotations.NullMarked;
