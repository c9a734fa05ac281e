package io.tidegate.log;

import io.tidegate.log.RecordLog.Owner;
import io.tidegate.log.RecordLog.Ownership;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// Those who share a topic of a `MemoryLog`. All of its state belongs to a thread of its own, so
/// that an owner may wait for the log.
final class MemoryGroup {
  private final MemoryLog log;
  private final String topic;
  private final List<Member> members = new ArrayList<>();
  private final Map<Integer, Long> committed = new HashMap<>();

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().name("memory group").daemon().unstarted(task));

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
          share(found.size());
          List.copyOf(members).forEach(member -> member.read(found));
        });
  }

  private void share(int partitions) {
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
            .ifPresent(member -> member.take(partition));
      }
    }
  }

  private final class Member implements Ownership {
    private final Owner owner;
    private final Map<Integer, Long> next = new ConcurrentHashMap<>();
    private final Set<Integer> paused = new HashSet<>();
    private volatile boolean closed;

    Member(Owner owner) {
      this.owner = owner;
    }

    int size() {
      return next.size();
    }

    void keep(int most) {
      for (var partition : List.copyOf(next.keySet())) {
        if (next.size() > most) {
          giveUp(partition);
        }
      }
    }

    private void giveUp(int partition) {
      next.remove(partition);
      paused.remove(partition);
      owner.revoked(partition);
    }

    void take(int partition) {
      long start = committed.getOrDefault(partition, 0L);
      next.put(partition, start);
      owner.assigned(partition, start);
    }

    void read(MemoryTopic found) {
      for (var partition : List.copyOf(next.keySet())) {
        long known = next.getOrDefault(partition, 0L);
        var at = known > found.partition(partition).end() ? 0 : known;
        var records = found.partition(partition).from(at);
        if (!closed && !records.isEmpty() && !paused.contains(partition)) {
          deliver(partition, at, records);
        }
      }
    }

    private void deliver(int partition, long at, List<Stored> records) {
      var after = at + records.size();
      next.put(partition, after);
      try {
        owner.records(partition, records, after);
      } catch (RuntimeException failed) {
        next.replace(partition, at);
        CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS)
            .execute(MemoryGroup.this::advance);
      }
    }

    @Override
    public void commit(int partition, long done) {
      later(() -> {
        if (owns(partition)) {
          committed.merge(partition, done, Math::max);
        }
      });
    }

    @Override
    public boolean owns(int partition) {
      return next.containsKey(partition);
    }

    @Override
    public void pause(int partition) {
      later(() -> paused.add(partition));
    }

    @Override
    public void resume(int partition) {
      later(() -> {
        paused.remove(partition);
        run();
      });
    }

    @Override
    public void close() {
      closed = true;
      later(() -> {
        members.remove(this);
        List.copyOf(next.keySet()).forEach(this::giveUp);
        run();
      });
    }
  }
}
