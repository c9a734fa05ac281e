package io.tidegate.delivery;

import io.tidegate.base.Time;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.Claim;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.RecordLog.Ownership;
import io.tidegate.log.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A courier's partitions of one topic, as the group deals them out.
///
///     assigned → Takeover (on its own thread) → begin → records → Partition
///     release  → Keeper: finish, checkpoint, commit → revoked
final class Round implements RecordLog.Owner, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Round.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final Desk desk;
  private final String topic;
  private final Map<Integer, Claim> claims = new HashMap<>();

  /// Partitions whose topic was created again while they were being taken over, and where to begin.
  private final Map<Integer, Long> outlived = new HashMap<>();

  private final Map<Integer, Keeper> keepers = new ConcurrentHashMap<>();
  private volatile Optional<String> trouble = Optional.empty();
  private volatile Optional<String> opening = Optional.empty();
  private @Nullable Ownership membership;
  private Time.Alarm tick = () -> {};
  private boolean closed;

  Round(Desk desk, String topic) {
    this.desk = desk;
    this.topic = topic;
  }

  void start() {
    membership = desk.log().own(topic, desk.pump().group(), this);
    next();
  }

  String topic() {
    return topic;
  }

  /// Some partition is this member's, and how it stands is just being found out.
  boolean isTakingOver() {
    synchronized (this) {
      return !keepers.keySet().containsAll(claims.keySet());
    }
  }

  Collection<Keeper> keepers() {
    return keepers.values();
  }

  Optional<String> check() {
    return trouble.or(() -> opening);
  }

  @Override
  public boolean isImpatient() {
    return true;
  }

  @Override
  public void assigned(Claim claim) {
    synchronized (this) {
      claims.put(claim.partition(), claim);
      outlived.remove(claim.partition());
    }
    open(claim, OptionalLong.empty());
  }

  /// @param anew where to begin when nothing that is known of it counts
  private void open(Claim claim, OptionalLong anew) {
    desk.start("take over " + topic, () -> takeOver(claim, anew));
  }

  private void takeOver(Claim claim, OptionalLong anew) {
    try {
      if (isCurrent(claim)) {
        var takeover = new Takeover(desk, topic, claim);
        install(claim, anew.isEmpty() ? takeover.take() : takeover.takeAnew(anew.getAsLong()));
        opening = Optional.empty();
      }
    } catch (LogUnavailable away) {
      opening = Optional.of(topic + "-" + claim.partition() + ": " + away.getMessage());
      desk.time().after(AGAIN, () -> open(claim, anew));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException bug) {
      LOG.atError()
          .addKeyValue("topic", topic)
          .addKeyValue("partition", claim.partition())
          .setCause(bug)
          .log("a partition cannot be taken over; it is tried again");
      opening = Optional.of(topic + "-" + claim.partition() + " cannot be taken over");
      desk.time().after(AGAIN.multipliedBy(5), () -> open(claim, anew));
    }
  }

  private synchronized boolean isCurrent(Claim claim) {
    return !closed && claim.equals(claims.get(claim.partition()));
  }

  private void install(Claim claim, Takeover.Taken taken) {
    synchronized (this) {
      var anew = outlived.remove(claim.partition());
      if (!isCurrent(claim) || anew != null) {
        taken.keeper().partition().close();
        if (anew != null) {
          open(claim, OptionalLong.of(anew));
        }
        return;
      }
      keepers.put(claim.partition(), taken.keeper());
    }
    taken.ready().forEach(desk.traffic()::offer);
    claim.begin(taken.resume());
  }

  @Override
  public void records(int partition, List<Stored> records, long next) {
    var keeper = keepers.get(partition);
    if (keeper != null) {
      keeper.partition().read(records, next);
    }
  }

  @Override
  public void truncated(int partition, long first) {
    Keeper keeper;
    synchronized (this) {
      keeper = keepers.get(partition);
      if (keeper == null) {
        outlived.put(partition, first);
        return;
      }
    }
    LOG.atWarn()
        .addKeyValue("topic", topic)
        .addKeyValue("partition", partition)
        .log("the log no longer has what was owed below {}", first);
    if (!keeper.partition().truncated(first)) {
      // The topic was deleted and created again: nothing that was known of it is of use.
      keeper.partition().close();
      keepers.remove(partition, keeper);
      open(keeper.partition().claim, OptionalLong.of(first));
    }
  }

  void closeSender() {
    desk.sender().close();
  }

  @Override
  public CompletableFuture<?> release(Collection<Integer> partitions) {
    var releases = new ArrayList<CompletableFuture<Void>>();
    for (var partition : partitions) {
      var keeper = keepers.get(partition);
      synchronized (this) {
        claims.remove(partition);
      }
      if (keeper != null) {
        var over = new CompletableFuture<Void>();
        releases.add(over);
        desk.start(
            "release " + topic,
            () -> {
              try {
                keeper.release();
              } finally {
                over.complete(null);
              }
            });
      }
    }
    return CompletableFuture.allOf(releases.toArray(new CompletableFuture<?>[0]));
  }

  @Override
  public void revoked(int partition) {
    synchronized (this) {
      claims.remove(partition);
    }
    var keeper = keepers.remove(partition);
    if (keeper != null) {
      keeper.partition().close();
    }
  }

  @Override
  public void health(Optional<String> said) {
    trouble = said.map(why -> topic + ": " + why);
  }

  private synchronized void next() {
    if (!closed) {
      tick = desk.time().after(TICK, () -> desk.start("tick " + topic, this::tick));
    }
  }

  private void tick() {
    try {
      keepers.values().forEach(Keeper::tick);
    } catch (RuntimeException bug) {
      LOG.atError().addKeyValue("topic", topic).setCause(bug).log("keeping progress failed");
    } finally {
      next();
    }
  }

  /// Hands everything over in order.
  @Override
  public void close() {
    Ownership left;
    synchronized (this) {
      closed = true;
      tick.cancel();
      left = membership;
    }
    if (left != null) {
      left.close();
    }
  }
}
