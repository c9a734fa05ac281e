package io.tidegate.outbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.base.Time;
import io.tidegate.log.Header;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.Claim;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.Stored;
import io.tidegate.outbox.DeliveryWriter.Pending;
import io.tidegate.plan.Destinations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes deliveries of events: one for each destination that is to get one, once. Works on the
/// partitions of one topic that the group gives it.
///
/// What was written and not committed is written again by nobody: an owner that begins reads from
/// the ends that the last one left with its commit what it had written beyond. See
/// `docs/decisions/fan-out-without-transactions.md`.
///
///     assigned → read what was written beyond the commit → records: match, write, wait, commit
final class Fanout implements RecordLog.Owner, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Fanout.class);
  private static final Duration LIMIT = Duration.ofSeconds(8);
  private static final Duration REFRESH = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int MOST_AT_ONCE = 4_000;

  /// What a partition may store together, whatever others have under way.
  private static final int LEAST_AT_ONCE = 500;

  private final RecordLog log;
  private final Directory directory;
  private final Matcher matcher;
  private final Feed feed;
  private final Optional<EventOrder> order;
  private final FanoutMeters meters;
  private final DeliveryWriter writer;
  private final Time time;
  private final Map<Integer, Claim> claims = new ConcurrentHashMap<>();
  private final Map<Integer, Work> works = new ConcurrentHashMap<>();
  private RecordLog.@Nullable Ownership ownership;

  /// Deliveries that are being stored; the owner's thread alone touches it.
  private int underWay;

  private volatile boolean closed;
  private volatile long impatientUntil;
  private volatile Optional<String> trouble = Optional.empty();

  /// What it works with.
  ///
  /// @param order the field by which deliveries stay in order, if one does
  record Needs(
      RecordLog log,
      Directory directory,
      Optional<EventOrder> order,
      Time time,
      MeterRegistry meters) {}

  Fanout(Feed feed, Needs needs) {
    this.feed = feed;
    this.log = needs.log();
    this.directory = needs.directory();
    this.matcher = new Matcher(directory);
    this.order = needs.order();
    this.time = needs.time();
    this.meters = new FanoutMeters(needs.meters(), feed.topic());
    this.writer = new DeliveryWriter(log, meters, feed.topic());
    this.impatientUntil = time.nanos();
  }

  void start() {
    ownership = log.own(feed.topic(), feed.group(), this);
    scheduleRefresh();
  }

  /// So that whoever comes next need not read far back.
  private void scheduleRefresh() {
    if (!closed) {
      time.after(REFRESH, () -> Thread.ofVirtual().name("fan-out refresh").start(this::refresh));
    }
  }

  private void refresh() {
    try {
      for (var work : works.values()) {
        if (work.turn.tryLock()) {
          try {
            if (work.done >= 0 && work.written.isEmpty() && !work.unsure) {
              var ends = log.describe(Destinations.DELIVERIES, LIMIT).orElseThrow().endOffsets();
              work.ends.refresh(ends);
              work.claim.commit(work.done, work.ends.commit());
            }
          } finally {
            work.turn.unlock();
          }
        }
      }
    } catch (LogUnavailable | java.util.NoSuchElementException away) {
      LOG.atDebug().setCause(away).log("the ends of deliveries are not known now");
    } finally {
      scheduleRefresh();
    }
  }

  /// What is known about one partition while it is ours.
  private static final class Work {
    final Claim claim;
    final Ends ends;

    /// Deliveries beyond the commit that are known to be stored.
    final Set<Written> written = ConcurrentHashMap.newKeySet();

    /// Held while deliveries are under way, so that nobody takes the ends for final meanwhile.
    final ReentrantLock turn = new ReentrantLock();

    /// Everything below is done; -1 while that is not known.
    long done = -1;

    /// Nobody knows of some deliveries whether they are stored.
    boolean unsure;

    Work(Claim claim, Ends ends) {
      this.claim = claim;
      this.ends = ends;
    }
  }

  /// @param offset of the event
  record Written(long offset, String key) {}

  @Override
  public void assigned(Claim claim) {
    claims.put(claim.partition(), claim);
    Thread.ofVirtual().name("fan-out " + claim.partition()).start(() -> prepare(claim));
  }

  /// Until it works, or the partition goes elsewhere.
  private void prepare(Claim claim) {
    while (!closed && claim.equals(claims.get(claim.partition()))) {
      try {
        if (directory.isReplayed()) {
          works.put(claim.partition(), begun(claim));
          claim.begin(claim.position());
          return;
        }
      } catch (LogUnavailable away) {
        LOG.atInfo()
            .addKeyValue("partition", claim.partition())
            .log("what was written before cannot be read yet: {}", away.getMessage());
      }
      if (!pause()) {
        return;
      }
    }
  }

  private Work begun(Claim claim) {
    feed.prepare(claim.partition(), claim.position());
    var work = new Work(claim, Ends.read(claim.remark()));
    var recovery = new Recovery(log, feed, claim.partition());
    if (!recovery.isNothingBeyond(claim.position())) {
      recovery.read(work.ends, work.written);
    }
    return work;
  }

  private static boolean pause() {
    try {
      Thread.sleep(Duration.ofMillis(500));
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// What was known of a topic that was created again is void.
  @Override
  public void truncated(int partition, long first) {
    var work = works.get(partition);
    if (work != null) {
      work.turn.lock();
      try {
        if (first < work.done) {
          work.done = -1;
          work.written.clear();
        }
      } finally {
        work.turn.unlock();
      }
    }
  }

  @Override
  public void revoked(int partition) {
    claims.remove(partition);
    works.remove(partition);
  }

  @Override
  public void health(Optional<String> said) {
    trouble = said;
  }

  /// Empty when all is well, else what is wrong.
  Optional<String> check() {
    return trouble.map(why -> feed.topic() + ": " + why);
  }

  FeedView view() {
    return new FeedView(
        feed.topic(),
        feed.group(),
        claims.keySet().stream().sorted().toList(),
        claims.values().stream().mapToLong(claim -> claim.unread().orElse(0)).sum(),
        meters.events(),
        meters.last());
  }

  @Override
  public void records(int partition, List<Stored> records, long next) {
    begin(partition, records, next).run();
  }

  /// Partitions wait for the log together: one after the other, with eight of them, is what events
  /// would wait for most.
  @Override
  public Runnable begin(int partition, List<Stored> records, long next) {
    var work = works.get(partition);
    if (work == null || !work.claim.holds()) {
      throw unavailable("the partition may be another one's");
    }
    work.turn.lock();
    try {
      var pending = fan(work, records);
      var told = told(work);
      var begun = writer.begin(pending, told);
      underWay += pending.size();
      return () -> {
        try {
          underWay -= pending.size();
          end(work, writer.end(begun, told));
          commit(work, next);
        } finally {
          work.turn.unlock();
        }
      };
    } catch (RuntimeException failed) {
      work.turn.unlock();
      throw failed;
    }
  }

  /// @return what is left to be stored; what is too much at once is stored already
  private List<Pending> fan(Work work, List<Stored> records) {
    if (work.unsure) {
      recover(work);
    }
    var pending = new ArrayList<Pending>();
    for (var record : records) {
      switch (feed.read(record)) {
        case Feed.Read.Fit(var event) -> fan(work, record, event, pending);
        case Feed.Read.Unfit(var reason) -> meters.unfit(record, reason);
      }
      if (pending.size() >= Math.max(MOST_AT_ONCE - underWay, LEAST_AT_ONCE)) {
        var told = told(work);
        end(work, writer.end(writer.begin(pending, told), told));
        pending.clear();
        commit(work, record.offset() + 1);
      }
    }
    return pending;
  }

  /// The ends move on when nothing beyond `next` was written before.
  private static void commit(Work work, long next) {
    work.done = next;
    work.written.removeIf(each -> each.offset() < next);
    work.claim.commit(next, work.written.isEmpty() ? work.ends.commit() : work.ends.text());
  }

  private void fan(Work work, Stored record, Event event, List<Pending> pending) {
    awaitDirectory(feed.known(record));
    if (feed.isRepeated(record, event)) {
      meters.repeated();
      return;
    }
    var found = matcher.find(event);
    meters.matched(found.wanted().size(), found.filtered());
    if (found.wanted().isEmpty()) {
      return;
    }
    var told = told(record, event);
    for (var each : found.wanted()) {
      var written = new Written(record.offset(), each.value().key());
      if (!work.written.contains(written)) {
        var entry = Delivery.entry(feed.source(record), told, event, each);
        pending.add(new Pending(written, entry));
      }
    }
  }

  private List<Header> told(Stored record, Event event) {
    var headers = feed.headers(record, event);
    var field = order.flatMap(each -> each.of(event));
    if (field.isEmpty()) {
      return headers;
    }
    var all = new ArrayList<>(headers);
    all.add(Header.of(Destinations.ORDER, field.get()));
    return all;
  }

  /// Who is behind the log waits. A position that the log does not have, since the registry's
  /// topics were made anew, is not waited for again and again.
  private void awaitDirectory(String position) {
    if (time.nanos() - impatientUntil >= 0 && !directory.awaitPosition(position, PATIENCE)) {
      if (Directory.isReachable(position, log, LIMIT)) {
        throw unavailable("not all destinations of then are known here yet");
      }
      impatientUntil = time.nanos() + REFRESH.toNanos();
      LOG.atWarn().log("destinations that were there when an event was published may be missed");
    }
  }

  /// What is stored need not be stored again.
  private static DeliveryWriter.Told told(Work work) {
    return (written, partition, offset) -> {
      work.written.add(written);
      work.ends.stored(partition, offset);
    };
  }

  private static void end(Work work, DeliveryWriter.Result result) {
    work.unsure |= result.isUnsure();
    result
        .trouble()
        .ifPresent(cause -> {
          throw unavailable("deliveries are not stored: " + cause);
        });
  }

  /// Nobody knows whether some of them are stored: the topic does.
  private void recover(Work work) {
    new Recovery(log, feed, work.claim.partition()).read(work.ends, work.written);
    work.written.removeIf(each -> each.offset() < work.done);
    work.unsure = false;
  }

  private static LogUnavailable unavailable(String what) {
    return new LogUnavailable(what, new IllegalStateException(what));
  }

  @Override
  public void close() {
    closed = true;
    if (ownership != null) {
      ownership.close();
    }
    meters.close();
  }
}
