package io.tidegate.log;

import io.tidegate.base.Time;
import io.tidegate.log.RecordLog.Owner;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A member of a consumer group on one thread. Whatever others want of it comes as a note, so that
/// all of its state belongs to that thread.
///
///     poll --assigned--> owner --records--> owner --commit: a note--> Holdings --> Kafka
///          --revoked: what was committed is sent first--> owner
///
/// When anything unforeseen happens the consumer is made anew, which hands the partitions over; when
/// the owner fails at records, it gets the same ones again a second later and keeps the partition.
final class KafkaOwnership implements RecordLog.Ownership {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaOwnership.class);
  private static final Duration POLL = Duration.ofSeconds(5);
  private static final Duration BACK_OFF = Duration.ofSeconds(1);
  private static final Duration GOODBYE = Duration.ofSeconds(3);

  private final String topic;
  private final Map<String, Object> configs;
  private final Time time;
  private final Owner owner;
  private final Holdings holdings;
  private final BlockingQueue<Runnable> notes = new LinkedBlockingQueue<>();
  private final Thread thread;
  private Optional<String> said = Optional.empty();
  private volatile @Nullable Consumer<byte[], byte[]> consumer;
  private volatile GroupMembershipOperation farewell = GroupMembershipOperation.LEAVE_GROUP;
  private volatile boolean closed;

  KafkaOwnership(String topic, Map<String, Object> configs, Time time, Owner owner) {
    this.topic = topic;
    this.configs = configs;
    this.time = time;
    this.owner = owner;
    this.holdings = new Holdings(topic);
    this.thread = Thread.ofPlatform().name("own " + topic).daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
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
    note(() -> steer(partition, true));
  }

  @Override
  public void resume(int partition) {
    note(() -> steer(partition, false));
  }

  private void steer(int partition, boolean pause) {
    var consumer = this.consumer;
    if (consumer != null && owns(partition)) {
      var keys = List.of(new TopicPartition(topic, partition));
      if (pause) {
        consumer.pause(keys);
      } else {
        consumer.resume(keys);
      }
    }
  }

  private void note(Runnable note) {
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
      holdings.commitTo(consumer);
      deliver(consumer, consumer.poll(POLL));
      if (!consumer.assignment().isEmpty()) {
        say(Optional.empty());
      }
    } catch (WakeupException _) {
      // there are notes
    }
  }

  private void deliver(Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> read) {
    read.nextOffsets()
        .forEach((key, next) -> {
          var records = Records.inward(read.records(key));
          if (closed || !holdings.owns(key.partition())) {
            return;
          }
          try {
            owner.records(key.partition(), records, next.offset());
            holdings.read(key.partition(), next.offset());
            runNotes();
          } catch (RuntimeException failed) {
            again(consumer, key, failed);
          }
        });
  }

  /// The owner could not take it: the same again, a second later.
  private void again(Consumer<byte[], byte[]> consumer, TopicPartition key, RuntimeException why) {
    LOG.atWarn()
        .addKeyValue("topic", topic)
        .setCause(why)
        .log("an owner failed; it will try again");
    consumer.seek(key, holdings.next(key.partition()));
    consumer.pause(List.of(key));
    time.after(BACK_OFF, () -> resume(key.partition()));
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
    note(() -> {});
  }

  @Override
  public void close() {
    end();
    if (!Thread.currentThread().equals(thread)) {
      try {
        if (!thread.join(POLL)) {
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
      for (var key : partitions) {
        var next = consumer.position(key, POLL);
        holdings.add(key.partition(), next);
        tell(() -> owner.assigned(key.partition(), next));
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      runNotes();
      holdings.commitNow(consumer, GOODBYE);
      giveUp(partitions.stream().map(TopicPartition::partition).toList());
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      giveUp(partitions.stream().map(TopicPartition::partition).toList());
    }
  }
}
