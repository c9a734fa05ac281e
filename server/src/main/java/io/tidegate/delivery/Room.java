package io.tidegate.delivery;

import io.tidegate.log.RecordLog.Claim;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Set;

/// The contents that a partition holds in memory. With many of them reading pauses, until they have
/// become few. What belongs to receivers that do not take it in time is left to the log, where it
/// is read again when its turn comes: so nobody's reading waits for them.
///
/// Whoever is merely slow to begin, as everybody is after a start, keeps his contents: to read them
/// twice costs more than to wait a moment.
///
/// Belongs to its partition's lock.
final class Room {
  /// Parcels with contents that are on their way or near.
  private static final int HIGH = 4_096;

  private static final int LOW = HIGH / 2;

  /// Of one receiver, those whose turn is near keep their contents in any case.
  private static final int KEPT = 256;

  private static final int MOST_LANES = 1_000_000;
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final long STUCK = Duration.ofSeconds(3).toNanos();
  private static final long SLOW = Duration.ofSeconds(10).toNanos();

  /// A receiver that would need longer for what is held of it is a slow one.
  private static final double LONG_SECONDS = 30;

  private final Desk desk;
  private final Claim claim;
  private final Runnable look;
  private int count;
  private long bytes;
  private boolean paused;
  private long since;

  /// @param look takes the lock and calls `make`
  Room(Desk desk, Claim claim, Runnable look) {
    this.desk = desk;
    this.claim = claim;
    this.look = look;
  }

  boolean isFree() {
    return count < HIGH;
  }

  void add(Parcel parcel) {
    var size = parcel.size();
    parcel.flows = true;
    count++;
    bytes += size;
    desk.budget().add(size);
  }

  void remove(Parcel parcel) {
    if (parcel.flows) {
      var size = parcel.size();
      parcel.flows = false;
      count--;
      bytes -= size;
      desk.budget().give(size);
    }
  }

  /// Its contents are no longer held.
  void empty(Parcel parcel) {
    remove(parcel);
    parcel.record = null;
  }

  /// Nothing of it is held any more.
  void clear() {
    desk.budget().give(bytes);
    count = 0;
    bytes = 0;
  }

  void pauseIfFull(int lanes) {
    var full =
        count > HIGH
            || bytes > desk.share()
            || lanes > MOST_LANES
            || (desk.budget().isSpent() && count > KEPT);
    if (!paused && full) {
      paused = true;
      since = desk.time().nanos();
      claim.pause();
      desk.time().after(LOOK, look);
    }
  }

  void resumeIfLow(int lanes) {
    if (paused && count < LOW && bytes < desk.share() / 2 && lanes < MOST_LANES) {
      resume();
    }
  }

  private void resume() {
    paused = false;
    claim.resume();
  }

  /// Looks who is in the way of the others.
  void make(Collection<Lane> lanes) {
    if (!paused) {
      return;
    }
    var now = desk.time().nanos();
    var slow = slow(lanes, now);
    for (var lane : lanes) {
      boolean isSlow = slow.contains(lane.authority);
      if (isSlow || isStuck(lane, now)) {
        lane.forgetNear().forEach(this::empty);
      }
      if (isSlow) {
        leaveWaiting(lane);
      }
    }
    if (count < HIGH - HIGH / 4
        && bytes < desk.share() - desk.share() / 4
        && lanes.size() < MOST_LANES) {
      resume();
    } else {
      desk.time().after(LOOK, look);
    }
  }

  private Set<String> slow(Collection<Lane> lanes, long now) {
    var held = new HashMap<String, Integer>();
    for (var lane : lanes) {
      held.merge(lane.authority, lane.near() + lane.out().size(), Integer::sum);
    }
    var slow = new HashSet<String>();
    held.forEach((authority, each) -> {
      var traffic = desk.traffic();
      if (traffic.silence(authority, now) > STUCK
          || (now - since > SLOW && each > traffic.pace(authority, now) * LONG_SECONDS)) {
        slow.add(authority);
      }
    });
    return slow;
  }

  private static boolean isStuck(Lane lane, long now) {
    for (var parcel : lane.out()) {
      if (parcel.state == Parcel.State.SENDING
          && parcel.record != null
          && now - parcel.begun > STUCK) {
        return true;
      }
    }
    return false;
  }

  private void leaveWaiting(Lane lane) {
    for (var parcel : lane.out()) {
      if (parcel.flows
          && parcel.state == Parcel.State.READY
          && desk.traffic().waitingWith(parcel) > KEPT) {
        empty(parcel);
      }
    }
  }
}
