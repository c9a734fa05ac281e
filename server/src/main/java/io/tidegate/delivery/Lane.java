package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// What stays in order: the records of one key (or of one value of a header) in one partition. It
/// is there only while it owes something.
///
///     out (on their way) | near: with contents | far: offsets | more: somewhere from an offset on
///
/// An ordered lane has one parcel out at most, and that holds up all others. One without order has
/// as many on their way as the key may have, and lays those that failed aside.
///
/// Belongs to its partition's lock.
final class Lane {
  static final long NOTHING = -1;

  private static final int MOST_NEAR = 128;
  private static final int MOST_ASIDE = 1_024;

  final Bytes id;
  private final int together;

  /// Where its records went last.
  String authority = "";

  private final ArrayDeque<Parcel> near = new ArrayDeque<>(1);
  private final List<Parcel> out = new ArrayList<>(1);
  private final ArrayDeque<Parcel> due = new ArrayDeque<>(1);
  private int active;
  private long[] far = {};
  private int farFirst;
  private int farCount;
  private long more = NOTHING;

  /// @param together how many may be on their way at once; 0: in order, one by one
  Lane(Bytes id, int together) {
    this.id = id;
    this.together = together;
  }

  boolean isOrdered() {
    return together == 0;
  }

  boolean isEmpty() {
    return out.isEmpty() && near.isEmpty() && farCount == 0 && more == NOTHING;
  }

  /// Nothing moves before a time comes or somebody says so.
  boolean isStalled() {
    return active == 0
        && due.isEmpty()
        && !out.isEmpty()
        && (isOrdered() || out.size() >= MOST_ASIDE);
  }

  /// A record that comes after all that are known: its contents are kept when they will be wanted
  /// soon. False when they are not.
  ///
  /// @param mostFar how many offsets a lane may keep
  boolean add(Parcel parcel, int mostFar) {
    if (more == NOTHING && farCount == 0 && near.size() < MOST_NEAR && !isStalled()) {
      near.add(parcel);
      return true;
    }
    if (more == NOTHING) {
      addFar(parcel.offset, mostFar);
    }
    return false;
  }

  /// The same for a record that was found by looking from `more` on. False when there is no room.
  boolean found(Parcel parcel, int mostFar) {
    if (farCount == 0 && near.size() < MOST_NEAR && !isStalled()) {
      near.add(parcel);
      return true;
    }
    if (near.size() + farCount >= mostFar) {
      return false;
    }
    append(parcel.offset);
    return true;
  }

  private void addFar(long offset, int most) {
    if (near.size() + farCount >= most) {
      more = offset;
    } else {
      append(offset);
    }
  }

  private void append(long offset) {
    if (farCount == far.length) {
      var longer = new long[Math.max(4, 2 * farCount)];
      for (var i = 0; i < farCount; i++) {
        longer[i] = far[(farFirst + i) % far.length];
      }
      far = longer;
      farFirst = 0;
    }
    far[(farFirst + farCount++) % far.length] = offset;
  }

  private long pollFar() {
    var offset = far[farFirst];
    farFirst = (farFirst + 1) % far.length;
    farCount--;
    if (farCount == 0) {
      far = new long[0];
      farFirst = 0;
    }
    return offset;
  }

  /// Takes a far one near whose contents were read by the way; false when it is not its turn.
  boolean isNextFar(long offset) {
    return farCount > 0 && near.size() < MOST_NEAR && far[farFirst] == offset;
  }

  void comeNear(Parcel parcel) {
    pollFar();
    near.add(parcel);
  }

  /// Leaves the contents of what is near to the log.
  List<Parcel> forgetNear() {
    if (near.isEmpty()) {
      return List.of();
    }
    var gone = List.copyOf(near);
    var longer = new long[near.size() + farCount];
    var at = 0;
    for (var parcel : near) {
      longer[at++] = parcel.offset;
    }
    while (farCount > 0) {
      longer[at++] = pollFar();
    }
    near.clear();
    far = longer;
    farFirst = 0;
    farCount = longer.length;
    return gone;
  }

  /// What may go now, if anything: it counts as on its way from here on.
  @Nullable Parcel take(Partition partition) {
    if (isOrdered()) {
      return active > 0 ? null : dueOr(out.isEmpty() ? fresh(partition) : null);
    }
    if (active >= together) {
      return null;
    }
    var fresh = out.size() - active < MOST_ASIDE ? fresh(partition) : null;
    return fresh != null ? begun(fresh) : dueOr(null);
  }

  private @Nullable Parcel dueOr(@Nullable Parcel fresh) {
    var parcel = due.poll();
    if (parcel != null) {
      active++;
      parcel.state = Parcel.State.READY;
      return parcel;
    }
    return fresh == null ? null : begun(fresh);
  }

  private Parcel begun(Parcel fresh) {
    active++;
    out.add(fresh);
    fresh.state = Parcel.State.READY;
    return fresh;
  }

  private @Nullable Parcel fresh(Partition partition) {
    var parcel = near.poll();
    if (parcel == null && farCount > 0) {
      parcel = new Parcel(partition, this, pollFar());
    }
    return parcel;
  }

  /// A parcel that was on its way waits for a time, or for the operator.
  void layAside(Parcel parcel, Parcel.State state) {
    active--;
    parcel.state = state;
  }

  /// One from before a restart that waits.
  void adopt(Parcel parcel) {
    out.add(parcel);
  }

  /// A parcel that waited may go.
  void due(Parcel parcel) {
    due.add(parcel);
    parcel.state = Parcel.State.READY;
  }

  /// One that is due goes out of its turn.
  void retake(Parcel parcel) {
    due.remove(parcel);
    active++;
  }

  void settled(Parcel parcel) {
    active--;
    out.remove(parcel);
  }

  /// It would like to have more before it runs dry.
  boolean isHungry() {
    return more != NOTHING && near.size() + farCount < 32 && !isStalled();
  }

  long more() {
    return more;
  }

  /// Looking has got there; `NOTHING` when it has got everywhere.
  void more(long next) {
    more = next;
  }

  List<Parcel> out() {
    return out;
  }

  /// The head of the lane, whatever it waits for.
  @Nullable Parcel head() {
    return out.isEmpty() ? near.peek() : out.getFirst();
  }

  int known() {
    return out.size() + near.size() + farCount;
  }

  int near() {
    return near.size();
  }

  /// The first position that is not out.
  OptionalLong second() {
    if (!near.isEmpty()) {
      return OptionalLong.of(near.getFirst().offset);
    }
    if (farCount > 0) {
      return OptionalLong.of(far[farFirst]);
    }
    return more == NOTHING ? OptionalLong.empty() : OptionalLong.of(more);
  }

  /// The lowest position that it owes.
  long first() {
    var lowest = second().orElse(Long.MAX_VALUE);
    for (var i = 0; i < out.size(); i++) {
      lowest = Math.min(lowest, out.get(i).offset);
    }
    return lowest;
  }

  boolean hasFailed() {
    for (var i = 0; i < out.size(); i++) {
      if (out.get(i).attempts > 0 || out.get(i).state == Parcel.State.BLOCKED) {
        return true;
      }
    }
    return false;
  }

  void forEachKnown(LongConsumer each) {
    out.forEach(parcel -> each.accept(parcel.offset));
    near.forEach(parcel -> each.accept(parcel.offset));
    for (var i = 0; i < farCount; i++) {
      each.accept(far[(farFirst + i) % far.length]);
    }
  }
}
