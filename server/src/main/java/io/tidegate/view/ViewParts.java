package io.tidegate.view;

import io.tidegate.base.Time;
import io.tidegate.log.RecordLog;

/// What the views of one cluster share.
record ViewParts(
    ViewOptions options,
    RecordLog log,
    ShelfCatalog catalog,
    Spiller spiller,
    DiskReads reads,
    MemoryBudget budget,
    Time time,
    ViewMeters meters) {}
