package io.tidegate.log;

import io.tidegate.log.RecordLog.Claim;
import io.tidegate.log.RecordLog.Owner;
import io.tidegate.log.RecordLog.Ownership;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Those who share a topic of a `MemoryLog`. All of its state belongs to a thread of its own, so
/// that an owner may wait for the log.
final class MemoryGroup {
  private static final int MOST = 1_000;
  private static final String NAME = "memory group";

  private final MemoryLog log;
  private final String topic;
  private final List<Member> members = new ArrayList<>();
  private final Map<Integer, Committed> committed = new ConcurrentHashMap<>();
  private volatile boolean doubt;

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().name(NAME).daemon().unstarted(task));

  MemoryGroup(MemoryLog log, String topic) {
    this.log = log;
    this.topic = topic;
  }

  Ownership join(Owner owner) {
    var member = new Member(owner);
    later(() -> {
      members.add(member);
      run();
    });
    return member;
  }

  /// Something may have changed.
  void advance() {
    later(this::run);
  }

  private void later(Runnable what) {
    try {
      thread.execute(what);
    } catch (RejectedExecutionException closed) {
      what.run();
    }
  }

  void close() {
    thread.shutdown();
  }

  private void run() {
    log.reach(topic)
        .ifPresent(found -> {
          share(found);
          List.copyOf(members).forEach(member -> member.read(found));
        });
  }

  private void share(MemoryTopic found) {
    var partitions = found.size();
    if (members.isEmpty()) {
      return;
    }
    var most = (partitions + members.size() - 1) / members.size();
    members.forEach(member -> member.keep(most));
    for (var i = 0; i < partitions; i++) {
      var partition = i;
      if (members.stream().noneMatch(member -> member.owns(partition))) {
        members.stream()
            .min(Comparator.comparingInt(Member::size))
            .ifPresent(member -> member.take(partition, found.partition(partition)));
      }
    }
  }

  /// What the group has for a partition.
  private record Committed(long next, String remark) {}

  private final class Member implements Ownership {
    private final Owner owner;
    private final Map<Integer, Held> held = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Member(Owner owner) {
      this.owner = owner;
    }

    int size() {
      return held.size();
    }

    void keep(int most) {
      var surplus = held.keySet().stream().skip(most).toList();
      giveUp(surplus);
    }

    private void giveUp(List<Integer> partitions) {
      if (!partitions.isEmpty()) {
        release(partitions);
        for (var partition : partitions) {
          var gone = held.remove(partition);
          if (gone != null) {
            gone.over = true;
          }
          owner.revoked(partition);
        }
      }
    }

    /// What is committed meanwhile counts, as it does on the real one.
    private void release(List<Integer> partitions) {
      try {
        owner.release(partitions).orTimeout(10, TimeUnit.SECONDS).join();
      } catch (RuntimeException late) {
        // given up without it
      }
    }

    void take(int partition, MemoryTopic.Partition found) {
      var claim = new Held(partition, committed.get(partition), found.first());
      held.put(partition, claim);
      owner.assigned(claim);
    }

    void read(MemoryTopic found) {
      for (var claim : List.copyOf(held.values())) {
        if (!closed && claim.begun && !claim.paused) {
          deliver(claim, found.partition(claim.partition));
        }
      }
    }

    private void deliver(Held claim, MemoryTopic.Partition partition) {
      var isAnother = claim.seen != null && !claim.seen.equals(partition);
      claim.seen = partition;
      if (isAnother || claim.next < partition.first() || claim.next > partition.end()) {
        if (partition.first() < claim.next) {
          committed.remove(claim.partition);
        }
        claim.next = partition.first();
        owner.truncated(claim.partition, claim.next);
      }
      var at = claim.next;
      var records = partition.from(at, MOST);
      claim.unread = partition.end() - at - records.size();
      if (records.isEmpty()) {
        return;
      }
      claim.next = at + records.size();
      try {
        owner.records(claim.partition, records, claim.next);
        if (claim.unread > 0) {
          advance();
        }
      } catch (RuntimeException failed) {
        claim.next = at;
        CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS)
            .execute(MemoryGroup.this::advance);
      }
    }

    @Override
    public void commit(int partition, long done) {
      var claim = held.get(partition);
      if (claim != null) {
        claim.commit(done, "");
      }
    }

    @Override
    public boolean owns(int partition) {
      return held.containsKey(partition);
    }

    @Override
    public void pause(int partition) {
      var claim = held.get(partition);
      if (claim != null) {
        claim.pause();
      }
    }

    @Override
    public void resume(int partition) {
      var claim = held.get(partition);
      if (claim != null) {
        claim.resume();
      }
    }

    @Override
    public void close() {
      closed = true;
      var left = new CompletableFuture<Boolean>();
      later(() -> {
        members.remove(this);
        giveUp(List.copyOf(held.keySet()));
        left.complete(true);
        run();
      });
      if (!Thread.currentThread().getName().equals(NAME)) {
        left.orTimeout(15, TimeUnit.SECONDS).join();
      }
    }

    /// Leaves without a word to its owner, like a process that was killed.
    void vanish() {
      closed = true;
      held.values().forEach(claim -> claim.over = true);
      later(() -> {
        members.remove(this);
        held.clear();
        run();
      });
    }
  }

  /// Everyone who takes part vanishes, those included who have just joined.
  void killAll() {
    CompletableFuture.runAsync(() -> List.copyOf(members).forEach(Member::vanish), thread)
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }

  /// Their claims hold for nobody while this is so, as when the whole process was held up.
  void doubt(boolean doubt) {
    this.doubt = doubt;
  }

  private final class Held implements Claim {
    private final int partition;
    private final @Nullable Committed known;
    private final long first;
    private volatile boolean over;
    private volatile long unread;
    private volatile boolean begun;
    private boolean paused;
    private long next;
    private MemoryTopic.@Nullable Partition seen;

    Held(int partition, @Nullable Committed known, long first) {
      this.partition = partition;
      this.known = known;
      this.first = first;
      this.next = position();
    }

    @Override
    public int partition() {
      return partition;
    }

    @Override
    public long position() {
      return known == null ? first : known.next;
    }

    @Override
    public String remark() {
      return known == null ? "" : known.remark;
    }

    @Override
    public boolean isCommitted() {
      return known != null;
    }

    @Override
    public void begin(long next) {
      change(() -> {
        committed.computeIfPresent(partition, (_, old) -> next < old.next ? null : old);
        this.next = next;
        begun = true;
        run();
      });
    }

    /// At once, so that what is committed while a release is awaited counts.
    @Override
    public void commit(long done, String remark) {
      if (!over) {
        committed.merge(
            partition,
            new Committed(done, remark),
            (old, fresh) -> fresh.next >= old.next ? fresh : old);
      }
    }

    @Override
    public void pause() {
      change(() -> paused = true);
    }

    @Override
    public void resume() {
      change(() -> {
        paused = false;
        run();
      });
    }

    private void change(Runnable what) {
      later(() -> {
        if (!over) {
          what.run();
        }
      });
    }

    @Override
    public boolean holds() {
      return !over && !doubt;
    }

    @Override
    public OptionalLong unread() {
      return begun ? OptionalLong.of(unread) : OptionalLong.empty();
    }
  }
}
