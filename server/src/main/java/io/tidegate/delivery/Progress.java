package io.tidegate.delivery;

/// How far one partition is: how far it was read, and which offsets below that are still owed. The
/// lowest of those is the low-water mark, below which nothing has to be known.
///
///     settled ... settled | owed · settled · settled · owed | not read yet
///                         ^ low                               ^ read
///
/// After a restart reading begins again below what had been read before; what is settled there
/// stays settled (`isOwed`). Not thread-safe.
final class Progress {
  private final OffsetSet owed;
  private long read;

  /// Below this every offset that is not owed is settled; above it nothing is known.
  private long horizon;

  Progress(long read) {
    this(read, read, new OffsetSet());
  }

  Progress(long read, long horizon, OffsetSet owed) {
    this.read = read;
    this.horizon = Math.max(read, horizon);
    this.owed = owed;
  }

  long read() {
    return read;
  }

  long horizon() {
    return horizon;
  }

  OffsetSet owed() {
    return owed;
  }

  /// Everything below it is settled.
  long low() {
    var first = owed.next(0);
    return first < 0 ? horizon : Math.min(first, horizon);
  }

  /// A record was read: true when it has to be delivered. Offsets between the last one and this one
  /// do not exist.
  boolean read(long offset) {
    skipTo(offset);
    read = offset + 1;
    if (offset < horizon) {
      return owed.contains(offset);
    }
    horizon = read;
    return owed.add(offset);
  }

  /// There is nothing below `next` that was not read.
  void skipTo(long next) {
    if (next > read) {
      owed.removeAll(read, Math.min(next, horizon));
      read = next;
      horizon = Math.max(horizon, next);
    }
  }

  /// True when it was owed until now.
  boolean settle(long offset) {
    return owed.remove(offset);
  }

  /// Said of an offset that may not have been read yet.
  void settleAhead(long offset) {
    if (offset < horizon) {
      owed.remove(offset);
    } else {
      owed.addAll(horizon, offset);
      horizon = offset + 1;
    }
  }

  boolean isOwed(long offset) {
    return offset >= horizon || owed.contains(offset);
  }
}
