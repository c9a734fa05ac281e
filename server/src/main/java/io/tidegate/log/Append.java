package io.tidegate.log;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One entry on its way, and the promise to say once how that ended.
///
///     queued --topic known--> handed to the producer --acknowledged, failed or late--> settled
///        '--topic unknown--> waits at the door --found--^
///
/// The writer's thread owns it; `settle` and `onCompletion` are for any thread.
final class Append implements Callback {
  private static final Logger LOG = LoggerFactory.getLogger(Append.class);

  private final Writer writer;
  private final String topic;
  private final int size;
  private final long begun;
  private final AtomicReference<@Nullable Consumer<Appended>> then;

  private @Nullable Entry entry;
  private @Nullable String trouble;
  private boolean handed;
  private double movedBefore;
  private @Nullable Thread handing;
  private @Nullable Exception refusal;

  Append(Writer writer, Entry entry, int size, long begun, Consumer<Appended> then) {
    this.writer = writer;
    this.topic = entry.topic();
    this.size = size;
    this.begun = begun;
    this.then = new AtomicReference<>(then);
    this.entry = entry;
  }

  String topic() {
    return topic;
  }

  int size() {
    return size;
  }

  long begun() {
    return begun;
  }

  boolean isSettled() {
    return then.get() == null;
  }

  /// It was given to the producer, so that nobody but the producer knows where it is.
  boolean isHanded() {
    return handed;
  }

  boolean isKeyless() {
    var entry = this.entry;
    return entry != null && entry.key() == null;
  }

  /// Why it waits, for the answer it gets if it waits too long.
  void waitsBecause(String trouble) {
    this.trouble = trouble;
  }

  @Nullable String trouble() {
    return trouble;
  }

  /// Gives it to the producer, and returns what kept the producer from taking it, if anything.
  ///
  /// @param moved how many bytes had gone over the producer's wires before
  @Nullable Exception hand(Producer<byte[], byte[]> producer, double moved) {
    var entry = this.entry;
    if (entry == null) {
      return null;
    }
    refusal = null;
    movedBefore = moved;
    handing = Thread.currentThread();
    handed = true;
    try {
      var _ = producer.send(Records.outward(entry), this);
    } catch (KafkaException | IllegalStateException failed) {
      refusal = failed;
    }
    handing = null;
    handed = refusal == null;
    return refusal;
  }

  @Override
  public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
    if (failure == null && metadata != null) {
      settle(new Appended.At(metadata.partition(), metadata.offset()));
    } else if (failure != null && Thread.currentThread().equals(handing)) {
      refusal = failure;
    } else if (failure != null) {
      writer.failed(this, failure, movedBefore);
    }
  }

  /// Says how it ended, unless that was said before, and lets the contents go.
  void settle(Appended answer) {
    var told = then.getAndSet(null);
    if (told != null) {
      entry = null;
      writer.settled(this, answer);
      try {
        told.accept(answer);
      } catch (RuntimeException bug) {
        LOG.atError().addKeyValue("topic", topic).setCause(bug).log("an append's caller failed");
      }
    }
  }
}
