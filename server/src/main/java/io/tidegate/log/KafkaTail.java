package io.tidegate.log;

import io.tidegate.base.Time;
import io.tidegate.log.RecordLog.Follower;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows one topic with one consumer on one thread; topics do not wait for each other. Whatever
/// others want of it comes as a note, so that all of its state belongs to that thread.
///
///     TopicWatch: what the topic is --note--> ask for bounds --note--> assigned --poll--> follower
///        ^                                        ^                        |
///        '-- missing, away: health                '------ out of range ----'
///
/// Each poll's worth of a partition (up to a megabyte as stored) is handed over at once. A follower
/// that takes its time holds up the other partitions of its topic, unless it pauses its own.
///
/// When anything unforeseen happens, also in the follower's `records`, the consumer is made anew and
/// reading goes on behind the last records that the follower took.
final class KafkaTail implements RecordLog.Tail, TopicWatch.Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaTail.class);
  private static final Duration POLL = Duration.ofSeconds(5);
  private static final Duration QUIET = Duration.ofMinutes(1);
  private static final Duration BACK_OFF = Duration.ofSeconds(1);

  private final String topic;
  private final ClientConfigs configs;
  private final Follower follower;
  private final TopicWatch watch;
  private final Itinerary itinerary;
  private final Lag lag;
  private final Time time;
  private boolean patient = true;
  private long lastPause;
  private final BlockingQueue<Runnable> notes = new LinkedBlockingQueue<>();
  private final Thread thread;
  private Optional<String> outside = Optional.empty();
  private Optional<String> inside = Optional.empty();
  private Optional<String> said = Optional.empty();
  private volatile @Nullable Consumer<byte[], byte[]> consumer;
  private volatile boolean closed;

  private final Gather gather = new Gather();

  KafkaTail(
      String topic,
      ClientConfigs configs,
      KafkaCluster cluster,
      TopicWatch watch,
      Time time,
      Itinerary.Start start,
      Follower follower) {
    this.topic = topic;
    this.configs = configs;
    this.watch = watch;
    this.follower = follower;
    this.time = time;
    this.lag = new Lag(time);
    this.itinerary = new Itinerary(topic, cluster, time, start, this::note, this::tell);
    this.thread = Thread.ofPlatform().name("follow " + topic).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
    watch.add(this);
  }

  @Override
  public String topic() {
    return topic;
  }

  boolean isOver() {
    return closed;
  }

  long lag() {
    return lag.records();
  }

  @Override
  public void found(Found found) {
    note(() -> {
      outside = itinerary.found(found);
      sayHealth();
    });
  }

  @Override
  public void pause(int partition) {
    note(() -> {
      itinerary.pause(partition);
      lastPause = time.nanos();
      patient = false;
    });
  }

  @Override
  public void resume(int partition) {
    note(() -> itinerary.resume(partition));
  }

  private void note(Runnable note) {
    notes.add(note);
    wake();
  }

  private void wake() {
    var consumer = this.consumer;
    if (consumer != null && !Thread.currentThread().equals(thread)) {
      consumer.wakeup();
    }
  }

  private void run() {
    while (!closed) {
      try {
        read();
      } catch (RuntimeException failed) {
        LOG.atWarn().addKeyValue("topic", topic).setCause(failed).log("following stumbled");
        inside = Optional.of(Failures.sentence(failed));
        sayHealth();
        backOff();
      }
    }
  }

  private void read() {
    var consumer =
        new KafkaConsumer<byte[], byte[]>(
            configs.consumer(topic, patient),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    try {
      this.consumer = consumer;
      itinerary.travelWith(consumer);
      for (var kind = patient; goesOn(kind); patient |= isQuiet()) {
        turn(consumer);
      }
    } finally {
      this.consumer = null;
      itinerary.alight();
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  /// False when another consumer is wanted.
  private boolean goesOn(boolean kind) {
    runNotes();
    return !closed && kind == patient && !itinerary.wantsNewConsumer();
  }

  private boolean isQuiet() {
    return itinerary.isUnpaused() && time.nanos() - lastPause > QUIET.toNanos();
  }

  private void turn(Consumer<byte[], byte[]> consumer) {
    if (!itinerary.isUnderWay()) {
      awaitNote(POLL);
      return;
    }
    try {
      var read = consumer.poll(POLL);
      deliver(read);
      gather.after(read, follower.gathering());
      lag.update(consumer);
      if (inside.isPresent()) {
        inside = Optional.empty();
        sayHealth();
      }
    } catch (WakeupException _) {
      // there are notes
    } catch (OffsetOutOfRangeException lost) {
      var replaced = lost instanceof LogTruncationException;
      lost.partitions().forEach(partition -> itinerary.lost(partition.partition(), replaced));
    }
  }

  private void deliver(ConsumerRecords<byte[], byte[]> read) {
    read.nextOffsets()
        .forEach((key, next) -> {
          if (!closed) {
            deliver(read, key, next.offset());
          }
        });
  }

  private void deliver(ConsumerRecords<byte[], byte[]> read, TopicPartition key, long next) {
    var place = itinerary.place(key.partition());
    if (place != null) {
      follower.records(key.partition(), Records.inward(read.records(key)), next);
      place.moveTo(next);
      if (place.catchesUp()) {
        tell(told -> told.caughtUp(key.partition(), next));
      }
    }
  }

  private void runNotes() {
    for (var note = notes.poll(); note != null && !closed; note = notes.poll()) {
      note.run();
    }
  }

  private void awaitNote(Duration limit) {
    try {
      var note = notes.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
      if (note != null && !closed) {
        note.run();
      }
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }

  private void backOff() {
    var end = System.nanoTime() + BACK_OFF.toNanos();
    for (var left = BACK_OFF.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
      awaitNote(Duration.ofNanos(left));
    }
  }

  private void sayHealth() {
    var trouble = inside.or(() -> outside);
    if (!trouble.equals(said)) {
      said = trouble;
      trouble.ifPresentOrElse(
          what ->
              LOG.atWarn()
                  .addKeyValue("topic", topic)
                  .addKeyValue("trouble", what)
                  .log("following stumbles"),
          () -> LOG.atInfo().addKeyValue("topic", topic).log("following works"));
      tell(told -> told.health(trouble));
    }
  }

  /// Tells the follower something other than records. If it fails at that, reading goes on.
  private void tell(java.util.function.Consumer<Follower> what) {
    try {
      what.accept(follower);
    } catch (RuntimeException bug) {
      LOG.atError().addKeyValue("topic", topic).setCause(bug).log("a follower failed");
    }
  }

  /// Begins to stop, without waiting for it.
  void end() {
    closed = true;
    watch.remove(this);
    note(() -> {});
  }

  @Override
  public void close() {
    end();
    if (!Thread.currentThread().equals(thread)) {
      try {
        if (!thread.join(POLL)) {
          LOG.atWarn().addKeyValue("topic", topic).log("a follower does not come to an end");
        }
      } catch (InterruptedException interrupted) {
        throw new InterruptException(interrupted);
      }
    }
  }
}
