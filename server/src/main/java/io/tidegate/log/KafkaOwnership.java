package io.tidegate.log;

import io.tidegate.base.Time;
import io.tidegate.log.RecordLog.Owner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A member of a consumer group on one thread. Whatever others want of it comes as a note, so that
/// all of its state belongs to that thread.
///
///     poll --assigned--> owner --begin--> records --> owner --commit: a note--> Holdings --> Kafka
///          --release--> owner: finishes, commits --> sent --revoked--> owner
///
/// When anything unforeseen happens the consumer is made anew, which hands the partitions over; when
/// the owner fails at records, it gets the same ones again a second later and keeps the partition.
final class KafkaOwnership implements RecordLog.Ownership, Holding.Member, TopicWatch.Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaOwnership.class);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofSeconds(1);

  /// How old the proof of membership may get before a new one is asked for.
  private static final long PROOF = Duration.ofMillis(1_500).toNanos();

  /// Each commit is a record in a topic of the cluster's own; what lies between two is done once
  /// more after a crash, or was done already and is known to be.
  private static final Duration COMMIT_PACE = Duration.ofMillis(100);

  private static final Duration RELEASE = Duration.ofSeconds(10);
  private static final Duration END = Duration.ofSeconds(16);
  private static final int MOST_NOTES = 1_000;
  private static final Duration BACK_OFF = Duration.ofSeconds(1);
  private static final Duration GOODBYE = Duration.ofSeconds(3);

  private final String topic;
  private final Map<String, Object> configs;
  private final Time time;
  private final Owner owner;
  private final TopicWatch watch;
  private final Holdings holdings;
  private final BlockingQueue<Runnable> notes = new LinkedBlockingQueue<>();
  private final Thread thread;
  private Optional<String> said = Optional.empty();
  private volatile @Nullable Consumer<byte[], byte[]> consumer;
  private volatile GroupMembershipOperation farewell = GroupMembershipOperation.LEAVE_GROUP;
  private volatile boolean closed;
  private volatile long proved;
  private long asked;
  private long committed;
  private final Gather gather = new Gather();
  private volatile @Nullable Uuid incarnation;

  KafkaOwnership(
      String topic, Map<String, Object> configs, Time time, TopicWatch watch, Owner owner) {
    this.topic = topic;
    this.configs = configs;
    this.time = time;
    this.watch = watch;
    this.owner = owner;
    this.holdings = new Holdings(topic);
    this.thread = Thread.ofPlatform().name("own " + topic).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
    watch.add(this);
  }

  @Override
  public String topic() {
    return topic;
  }

  /// A topic that is deleted and created again between two looks of the consumer's is the same to
  /// it, and it would go on behind records that nobody has read.
  @Override
  public void found(Found found) {
    if (found instanceof Found.Topic(var id, var _, var _)) {
      var known = incarnation;
      incarnation = id;
      if (known != null && !known.equals(id)) {
        note(this::beginAnew);
      }
    }
  }

  private void beginAnew() {
    var consumer = this.consumer;
    if (consumer != null) {
      LOG.atWarn().addKeyValue("topic", topic).log("the topic was created again");
      for (var partition : holdings.partitions()) {
        goOn(consumer, new TopicPartition(topic, partition));
      }
    }
  }

  boolean isOver() {
    return closed && !thread.isAlive();
  }

  @Override
  public boolean owns(int partition) {
    return holdings.owns(partition);
  }

  @Override
  public void commit(int partition, long next) {
    note(() -> holdings.done(partition, next));
  }

  @Override
  public void pause(int partition) {
    note(() -> find(partition).ifPresent(RecordLog.Claim::pause));
  }

  @Override
  public void resume(int partition) {
    note(() -> find(partition).ifPresent(RecordLog.Claim::resume));
  }

  private Optional<Holding> find(int partition) {
    return Optional.ofNullable(holdings.find(partition));
  }

  @Override
  public void steer(Holding holding) {
    var consumer = this.consumer;
    if (consumer != null) {
      var key = key(holding);
      if (holding.isPaused()) {
        consumer.pause(List.of(key));
      } else {
        if (consumer.paused().contains(key)) {
          consumer.resume(List.of(key));
        }
        if (holding.isMoved()) {
          consumer.seek(key, holding.next());
        }
      }
    }
  }

  private TopicPartition key(Holding holding) {
    return new TopicPartition(topic, holding.partition());
  }

  @Override
  public long proved() {
    return proved;
  }

  @Override
  public void note(Runnable note) {
    notes.add(note);
    var consumer = this.consumer;
    if (consumer != null && !Thread.currentThread().equals(thread)) {
      consumer.wakeup();
    }
  }

  private void run() {
    while (!closed) {
      try {
        takePart();
      } catch (RuntimeException failed) {
        LOG.atWarn().addKeyValue("topic", topic).setCause(failed).log("owning stumbled");
        say(Optional.of(Failures.sentence(failed)));
        backOff();
      }
    }
  }

  private void takePart() {
    var consumer =
        new KafkaConsumer<byte[], byte[]>(
            configs, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      consumer.subscribe(List.of(topic), new HandOver(consumer));
      this.consumer = consumer;
      while (!closed) {
        turn(consumer);
      }
    } finally {
      leave(consumer);
    }
  }

  private void leave(Consumer<byte[], byte[]> consumer) {
    this.consumer = null;
    try {
      var options = CloseOptions.timeout(GOODBYE).withGroupMembershipOperation(farewell);
      consumer.close(options);
    } catch (KafkaException failed) {
      LOG.atDebug().addKeyValue("topic", topic).setCause(failed).log("leaving stumbled");
    } finally {
      giveUp(holdings.partitions());
    }
  }

  private void turn(Consumer<byte[], byte[]> consumer) {
    runNotes();
    try {
      commit(consumer);
      var read = consumer.poll(holdings.haveNews() ? COMMIT_PACE : POLL);
      deliver(consumer, read);
      gather.after(read, RecordLog.BRIEFLY);
      holdings.all().forEach(each -> count(consumer, each));
      if (!consumer.assignment().isEmpty()) {
        say(Optional.empty());
      }
    } catch (WakeupException _) {
      // there are notes
    } catch (OffsetOutOfRangeException gone) {
      gone.offsetOutOfRangePartitions().keySet().forEach(key -> goOn(consumer, key));
    }
  }

  private void commit(Consumer<byte[], byte[]> consumer) {
    var now = time.nanos();
    var prove = now - proved > PROOF && now - asked > PROOF / 2;
    if (prove) {
      asked = now;
    }
    if (prove || now - committed >= COMMIT_PACE.toNanos()) {
      committed = now;
      holdings.commitTo(consumer, prove, () -> proved = Math.max(proved, now));
    }
  }

  private void count(Consumer<?, ?> consumer, Holding holding) {
    try {
      if (holding.isBegun()) {
        consumer.currentLag(key(holding)).ifPresent(holding::unread);
      }
    } catch (IllegalStateException revoked) {
      LOG.debug("{} is just being revoked", key(holding), revoked);
    }
  }

  /// What was to be read is not there: goes on with the first that is.
  private void goOn(Consumer<byte[], byte[]> consumer, TopicPartition key) {
    var holding = holdings.find(key.partition());
    var first =
        undisturbed(() -> consumer.beginningOffsets(List.of(key), ANSWER)).getOrDefault(key, 0L);
    consumer.seek(key, first);
    if (holding != null) {
      holding.goOn(first);
      tell(() -> owner.truncated(key.partition(), first));
    }
  }

  /// What the owner has begun to work on.
  private record Begun(Holding holding, long next, Runnable end) {}

  private void deliver(Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> read) {
    var begun = new ArrayList<Begun>();
    read.nextOffsets()
        .forEach((key, next) -> {
          var records = Records.inward(read.records(key));
          var holding = holdings.find(key.partition());
          if (closed || holding == null || !holding.isBegun()) {
            return;
          }
          try {
            var end = owner.begin(key.partition(), records, next.offset());
            begun.add(new Begun(holding, next.offset(), end));
          } catch (RuntimeException failed) {
            again(consumer, holding, failed);
          }
        });
    for (var each : begun) {
      try {
        each.end.run();
        each.holding.read(each.next);
      } catch (RuntimeException failed) {
        again(consumer, each.holding, failed);
      }
    }
    runNotes();
  }

  /// The owner could not take it: the same again, a second later.
  private void again(Consumer<byte[], byte[]> consumer, Holding holding, RuntimeException why) {
    LOG.atWarn()
        .addKeyValue("topic", topic)
        .setCause(why)
        .log("an owner failed; it will try again");
    consumer.seek(key(holding), holding.next());
    consumer.pause(List.of(key(holding)));
    time.after(BACK_OFF, () -> note(() -> steer(holding)));
  }

  /// Asks again when somebody has left a note meanwhile: it is read soon enough, and what the group
  /// has decided must not get lost.
  private static <T> T undisturbed(Supplier<T> question) {
    for (var left = MOST_NOTES; ; left--) {
      try {
        return question.get();
      } catch (WakeupException note) {
        if (left == 0) {
          throw note;
        }
      }
    }
  }

  private void runNotes() {
    for (var note = notes.poll(); note != null; note = notes.poll()) {
      note.run();
    }
  }

  private void giveUp(Collection<Integer> partitions) {
    for (var partition : partitions) {
      if (holdings.remove(partition)) {
        tell(() -> owner.revoked(partition));
      }
    }
  }

  private void say(Optional<String> trouble) {
    if (!trouble.equals(said)) {
      said = trouble;
      tell(() -> owner.health(trouble));
    }
  }

  private void tell(Runnable what) {
    try {
      what.run();
    } catch (RuntimeException bug) {
      LOG.atError().addKeyValue("topic", topic).setCause(bug).log("an owner failed");
    }
  }

  private void backOff() {
    var end = System.nanoTime() + BACK_OFF.toNanos();
    for (var left = BACK_OFF.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
      try {
        var note = notes.poll(left, TimeUnit.NANOSECONDS);
        if (note != null) {
          note.run();
        }
      } catch (InterruptedException interrupted) {
        throw new InterruptException(interrupted);
      }
    }
  }

  /// For a test: stops like a process that was killed, so that the group has to miss it.
  void vanish() {
    farewell = GroupMembershipOperation.REMAIN_IN_GROUP;
    close();
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
        if (!thread.join(END)) {
          LOG.atWarn().addKeyValue("topic", topic).log("an owner does not come to an end");
        }
      } catch (InterruptedException interrupted) {
        throw new InterruptException(interrupted);
      }
    }
  }

  /// What the group decides, told to the owner. Runs on the member's thread, inside `poll`.
  private final class HandOver implements ConsumerRebalanceListener {
    private final Consumer<byte[], byte[]> consumer;

    HandOver(Consumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      if (partitions.isEmpty()) {
        return;
      }
      var keys = Set.copyOf(partitions);
      var committed = undisturbed(() -> consumer.committed(keys, ANSWER));
      var first = undisturbed(() -> consumer.beginningOffsets(keys, ANSWER));
      proved = time.nanos();
      for (var key : partitions) {
        var holding =
            new Holding(
                key.partition(),
                known(committed.get(key), first.getOrDefault(key, 0L)),
                KafkaOwnership.this,
                time);
        consumer.seek(key, holding.position());
        consumer.pause(List.of(key));
        holdings.add(holding);
        tell(() -> owner.assigned(holding));
      }
    }

    private Holding.Committed known(@Nullable OffsetAndMetadata committed, long first) {
      return committed == null
          ? new Holding.Committed(first, "", false)
          : new Holding.Committed(committed.offset(), committed.metadata(), true);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> keys) {
      var partitions = keys.stream().map(TopicPartition::partition).filter(holdings::owns).toList();
      if (partitions.isEmpty()) {
        return;
      }
      runNotes();
      awaitRelease(partitions);
      runNotes();
      holdings.commitNow(consumer, GOODBYE, () -> {});
      giveUp(partitions);
    }

    /// Goes on proving that it is a member, so that the partitions that stay are not held up.
    private void awaitRelease(List<Integer> partitions) {
      var released = released(partitions);
      var end = System.nanoTime() + RELEASE.toNanos();
      while (!released.isDone() && System.nanoTime() - end < 0) {
        try {
          released.get(1, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException still) {
          runNotes();
          var now = time.nanos();
          holdings.commitNow(consumer, GOODBYE, () -> proved = now);
        } catch (ExecutionException failed) {
          LOG.atWarn().addKeyValue("topic", topic).setCause(failed).log("a release failed");
        } catch (InterruptedException interrupted) {
          throw new InterruptException(interrupted);
        }
      }
    }

    private CompletableFuture<?> released(List<Integer> partitions) {
      try {
        return owner.release(partitions);
      } catch (RuntimeException bug) {
        return CompletableFuture.failedFuture(bug);
      }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      giveUp(partitions.stream().map(TopicPartition::partition).toList());
    }
  }
}
