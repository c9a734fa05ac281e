package io.tidegate.view;

import io.tidegate.base.Time;
import io.tidegate.log.RecordLog;
import java.util.concurrent.atomic.AtomicLong;

/// What the views of one cluster share.
///
/// @param versions beyond those of all views that were closed: none is given twice, so that what
///   was made of a view is not taken for the next one's of the same topic
record ViewParts(
    ViewOptions options,
    RecordLog log,
    ShelfCatalog catalog,
    Spiller spiller,
    DiskReads reads,
    MemoryBudget budget,
    Time time,
    ViewMeters meters,
    AtomicLong versions) {}
