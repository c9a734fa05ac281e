package io.tidegate.app;

import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Entry;
import io.tidegate.log.ForwardingLog;
import io.tidegate.log.RecordLog;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// A log on a disk of ours: refuses to append while the disk is nearly full, so that the node
/// inside never runs into its end, which would stop it. Reading goes on.
///
/// @param isFull asked for every append, so it must be a value that is at hand
record WatermarkedLog(RecordLog log, BooleanSupplier isFull) implements ForwardingLog {
  private static final Appended REFUSED =
      new Appended.Unavailable(Appended.Reason.DISK_FULL, "the disk is below its watermark");

  @Override
  public void append(Entry entry, Acks acks, Consumer<Appended> then) {
    if (isFull.getAsBoolean()) {
      then.accept(REFUSED);
    } else {
      log.append(entry, acks, then);
    }
  }
}
