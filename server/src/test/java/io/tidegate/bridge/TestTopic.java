package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.log.Entry;
import io.tidegate.log.RecordLog.From;
import io.tidegate.log.Stored;
import io.tidegate.view.Event;
import io.tidegate.view.Match;
import io.tidegate.view.Progress;
import io.tidegate.view.TopicView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// A topic and its view in memory. What is appended is seen at once, unless the view lags.
final class TestTopic implements TopicView {
  private static final int BATCH = 10;

  private final String name;
  private final List<List<Stored>> partitions = new ArrayList<>();
  private final List<Stored> unseen = new ArrayList<>();
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
  private final List<Follower> followers = new CopyOnWriteArrayList<>();
  private final List<Due> dues = new CopyOnWriteArrayList<>();
  private final boolean compacted;
  private long version;
  private boolean lags;
  private boolean unready;
  private boolean missing;
  int scans;

  TestTopic(String name, int partitionCount, boolean compacted) {
    this.name = name;
    this.compacted = compacted;
    for (int i = 0; i < partitionCount; i++) {
      partitions.add(new ArrayList<>());
    }
  }

  synchronized Stored append(Entry entry) {
    var partition = entry.key() == null ? 0 : partitionOf(entry.key());
    var offset = partitions.get(partition).size() + pending(partition);
    var stored = new Stored(partition, offset, 0, entry.key(), entry.headers(), entry.value());
    if (lags) {
      unseen.add(stored);
    } else {
      apply(stored);
    }
    return stored;
  }

  synchronized void lags() {
    lags = true;
  }

  synchronized void catchUp() {
    lags = false;
    var late = List.copyOf(unseen);
    unseen.clear();
    late.forEach(this::apply);
  }

  void unready(boolean now) {
    unready = now;
  }

  private long pending(int partition) {
    return unseen.stream().filter(stored -> stored.partition() == partition).count();
  }

  private void apply(Stored stored) {
    partitions.get(stored.partition()).add(stored);
    version++;
    for (var due : dues) {
      if (due.partition == stored.partition() && due.offset <= stored.offset()) {
        dues.remove(due);
        due.then.run();
      }
    }
    followers.forEach(Follower::goOn);
    for (var watcher : watchers) {
      if (watcher.match.test(stored)) {
        watcher.onRecord.accept(stored);
      }
    }
  }

  List<Stored> records() {
    return partitions.stream().flatMap(List::stream).toList();
  }

  int watchers() {
    return watchers.size() + dues.size();
  }

  @Override
  public String topic() {
    return name;
  }

  @Override
  public synchronized Progress applied() {
    var offsets = new TreeMap<Integer, Long>();
    for (int i = 0; i < partitions.size(); i++) {
      offsets.put(i, (long) partitions.get(i).size());
    }
    return new Progress(offsets);
  }

  @Override
  public synchronized long version() {
    return version;
  }

  @Override
  public synchronized void newest(Match match, Consumer<Newest> then) {
    if (unready) {
      then.accept(new Newest.Unready("test"));
      return;
    }
    Stored newest = null;
    for (var stored : records()) {
      if (isLive(stored) && match.test(stored)) {
        newest = stored;
      }
    }
    then.accept(newest == null ? new Newest.Absent() : new Newest.Found(newest));
  }

  @Override
  public synchronized void each(Match match, Progress from, Scan scan) {
    scans++;
    if (unready) {
      scan.unready("test");
      return;
    }
    var live =
        records().stream()
            .filter(stored -> !stored.isTombstone() && isLive(stored) && match.test(stored))
            .filter(stored -> stored.offset() >= from.at(stored.partition(), 0))
            .toList();
    for (int first = 0; first < live.size(); first += BATCH) {
      if (!scan.records(live.subList(first, Math.min(live.size(), first + BATCH)))) {
        return;
      }
    }
    scan.end(applied());
  }

  private boolean isLive(Stored stored) {
    if (!compacted || stored.key() == null) {
      return true;
    }
    var later = partitions.get(stored.partition());
    return later.subList((int) stored.offset() + 1, later.size()).stream()
        .noneMatch(other -> stored.key().equals(other.key()));
  }

  @Override
  public Watch watch(Match match, Consumer<Stored> onRecord) {
    var watcher = new Watcher(match, onRecord);
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  @Override
  public Follow follow(Match match, Map<Integer, Long> next, From otherwise, Reader reader) {
    var follower = new Follower(match, next, otherwise, reader);
    if (missing) {
      reader.ended("test");
      return follower;
    }
    followers.add(follower);
    reader.started();
    return follower;
  }

  void missing(boolean now) {
    missing = now;
  }

  int followers() {
    return followers.size();
  }

  /// Ends them all, as a view does that closes.
  void endFollowers() {
    followers.forEach(follower -> follower.reader.ended("test"));
  }

  /// Reads partitions in turn, as far as it may.
  private final class Follower implements Follow {
    private final Match match;
    private final Reader reader;
    private final TreeMap<Integer, Long> next = new TreeMap<>();
    private long credit;
    private boolean busy;

    Follower(Match match, Map<Integer, Long> from, From otherwise, Reader reader) {
      this.match = match;
      this.reader = reader;
      applied()
          .offsets()
          .forEach((partition, end) -> {
            long begin = otherwise == From.LATEST ? end : 0;
            next.put(partition, from.getOrDefault(partition, begin));
          });
    }

    @Override
    public void request(int records) {
      credit += records;
      goOn();
    }

    void goOn() {
      if (busy) {
        return;
      }
      busy = true;
      for (var events = take(); !events.isEmpty(); events = take()) {
        credit -= events.size();
        reader.records(events);
      }
      busy = false;
    }

    private List<Event> take() {
      var events = new ArrayList<Event>();
      for (var partition : next.keySet()) {
        for (var stored : partitions.get(partition)) {
          if (stored.offset() < next.get(partition) || events.size() >= Math.min(credit, BATCH)) {
            continue;
          }
          if (match.test(stored) && followers.contains(this)) {
            events.add(new Event(stored, new Progress(next)));
          }
          next.put(partition, stored.offset() + 1);
        }
      }
      return events;
    }

    @Override
    public void close() {
      followers.remove(this);
    }
  }

  @Override
  public synchronized Watch whenApplied(int partition, long offset, Runnable then) {
    if (partitions.get(partition).size() > offset) {
      then.run();
      return () -> {};
    }
    var due = new Due(partition, offset, then);
    dues.add(due);
    return () -> dues.remove(due);
  }

  @Override
  public Optional<String> check() {
    return Optional.empty();
  }

  @Override
  public int partitionOf(Bytes key) {
    return Math.floorMod(key.hashCode(), partitions.size());
  }

  private record Watcher(Match match, Consumer<Stored> onRecord) {}

  private record Due(int partition, long offset, Runnable then) {}
}
