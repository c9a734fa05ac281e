package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.delivery.CourierView.LaneState;
import io.tidegate.delivery.CourierView.OwnedPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Looks at a courier from outside. Counting all lanes takes a few milliseconds when there are
/// many, so that what was counted is told for a second.
final class Inspection {
  private static final long FRESH = Duration.ofSeconds(1).toNanos();
  private static final int MOST_BROKEN = 100;

  private final Desk.Common desk;
  private final List<Round> rounds;
  private Census last = new Census(Map.of(), Long.MAX_VALUE, OptionalLong.empty(), 0);
  private long counted;
  private boolean isCounted;

  Inspection(Desk.Common desk, List<Round> rounds) {
    this.desk = desk;
    this.rounds = rounds;
  }

  /// @param oldest milliseconds since 1970 when the oldest record was born; of those that are known
  /// @param lag empty while it is not known of every partition here
  record Census(Map<LaneState, Integer> lanes, long oldest, OptionalLong lag, long now) {
    double lagOrUnknown() {
      return lag.isEmpty() ? Double.NaN : lag.getAsLong();
    }

    double oldestSeconds() {
      return oldest == Long.MAX_VALUE ? 0 : Math.max(0, now - oldest) / 1e3;
    }
  }

  synchronized Census census() {
    var now = desk.time().nanos();
    if (!isCounted || now - counted > FRESH) {
      last = count();
      counted = now;
      isCounted = true;
    }
    return last;
  }

  private Census count() {
    var counts = new EnumMap<LaneState, Integer>(LaneState.class);
    var oldest = new long[] {Long.MAX_VALUE};
    var lag = 0L;
    var partitions = partitions();
    var isLagKnown = !partitions.isEmpty() && rounds.stream().noneMatch(Round::isTakingOver);
    for (var state : LaneState.values()) {
      counts.put(state, 0);
    }
    for (var partition : partitions) {
      lag +=
          partition.locked(inside -> {
            for (var lane : inside.all().values()) {
              counts.merge(state(lane), 1, Integer::sum);
              oldest[0] = Math.min(oldest[0], born(lane));
            }
            var progress = inside.progress();
            return progress.read() - Math.min(progress.read(), progress.low());
          });
      var unread = partition.claim.unread();
      isLagKnown &= unread.isPresent();
      lag += unread.orElse(0);
    }
    return new Census(
        counts,
        oldest[0],
        isLagKnown ? OptionalLong.of(lag) : OptionalLong.empty(),
        desk.nowMillis());
  }

  private static long born(Lane lane) {
    var head = lane.head();
    return head == null || head.timestamp <= 0 ? Long.MAX_VALUE : head.timestamp;
  }

  private static LaneState state(Lane lane) {
    var found = LaneState.BEHIND;
    for (var parcel : lane.out()) {
      var state =
          switch (parcel.state) {
            case SENDING -> LaneState.SENDING;
            case READY, FRESH -> LaneState.READY;
            case WAITING -> LaneState.WAITING;
            case BLOCKED -> LaneState.BLOCKED;
          };
      if (state.compareTo(found) < 0) {
        found = state;
      }
    }
    return found;
  }

  private List<Partition> partitions() {
    var all = new ArrayList<Partition>();
    rounds.forEach(round -> round.keepers().forEach(keeper -> all.add(keeper.partition())));
    return all;
  }

  CourierView view(Optional<String> trouble) {
    var census = count();
    var owned = partitions().stream().map(Inspection::owned).toList();
    var receivers = new LinkedHashMap<String, Integer>();
    desk.traffic()
        .breakers()
        .forEach((state, count) -> receivers.put(state.name().toLowerCase(Locale.ROOT), count));
    return new CourierView(
        desk.pump().name(),
        desk.pump().group(),
        owned,
        census.lanes(),
        census.oldest() == Long.MAX_VALUE
            ? Optional.empty()
            : Optional.of(Duration.ofMillis(Math.max(0, census.now() - census.oldest()))),
        census.lag(),
        desk.traffic().inFlight(),
        receivers,
        desk.traffic().broken(MOST_BROKEN),
        trouble);
  }

  private static OwnedPartition owned(Partition partition) {
    return partition.locked(inside ->
        new OwnedPartition(
            partition.topic,
            partition.number(),
            inside.progress().low(),
            inside.progress().read(),
            inside.progress().owed().count(),
            partition.claim.unread()));
  }

  List<CourierView.Lane> lanes(Optional<LaneState> wanted, int limit) {
    var lanes = new ArrayList<CourierView.Lane>();
    for (var partition : partitions()) {
      partition.locked(inside -> {
        for (var lane : inside.all().values()) {
          if (lanes.size() >= limit) {
            break;
          }
          if (wanted.isEmpty() || wanted.get() == state(lane)) {
            lanes.add(view(partition, inside, lane));
          }
        }
        return true;
      });
    }
    return lanes;
  }

  List<CourierView.Lane> lane(Bytes id) {
    var lanes = new ArrayList<CourierView.Lane>();
    for (var partition : partitions()) {
      partition.locked(inside -> {
        var lane = inside.all().get(id);
        if (lane != null) {
          lanes.add(view(partition, inside, lane));
        }
        return true;
      });
    }
    return lanes;
  }

  /// Looks at every lane once.
  CourierView.Queue queue(String authority) {
    var sum = new Sum();
    for (var partition : partitions()) {
      sum.partitions++;
      partition.locked(inside -> {
        inside.all().values().stream()
            .filter(lane -> lane.authority.equals(authority))
            .forEach(sum::add);
        return true;
      });
    }
    return sum.queue(desk.nowMillis(), desk.traffic().broken(authority));
  }

  /// What the lanes of one receiver come to.
  private static final class Sum {
    int partitions;
    long owed;
    boolean more;
    int sending;
    int waiting;
    long oldest = Long.MAX_VALUE;
    long next = Long.MAX_VALUE;

    void add(Lane lane) {
      owed += lane.known();
      more |= lane.more() != Lane.NOTHING;
      oldest = Math.min(oldest, born(lane));
      for (var parcel : lane.out()) {
        if (parcel.state == Parcel.State.SENDING) {
          sending++;
        } else if (parcel.state == Parcel.State.WAITING) {
          waiting++;
          next = Math.min(next, parcel.dueAt);
        }
      }
    }

    CourierView.Queue queue(long now, Optional<CourierView.Broken> broken) {
      return new CourierView.Queue(
          partitions,
          owed,
          more,
          sending,
          waiting,
          oldest == Long.MAX_VALUE
              ? Optional.empty()
              : Optional.of(Duration.ofMillis(Math.max(0, now - oldest))),
          next == Long.MAX_VALUE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(next)),
          broken);
    }
  }

  private CourierView.Lane view(Partition partition, Lanes inside, Lane lane) {
    var head = lane.head();
    var next =
        head == null || head.state != Parcel.State.WAITING
            ? Optional.<Instant>empty()
            : Optional.of(Instant.ofEpochMilli(head.dueAt));
    var born = born(lane);
    return new CourierView.Lane(
        partition.topic,
        partition.number(),
        lane.id.utf8(),
        lane.authority,
        state(lane),
        lane.first(),
        born == Long.MAX_VALUE
            ? Optional.empty()
            : Optional.of(Duration.ofMillis(Math.max(0, desk.nowMillis() - born))),
        lane.known(),
        lane.more() != Lane.NOTHING,
        head == null ? 0 : head.attempts,
        next,
        head == null ? "" : head.word,
        inside.gone().containsKey(lane.id));
  }
}
