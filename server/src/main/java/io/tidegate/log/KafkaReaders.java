package io.tidegate.log;

import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.RecordLog.Stretch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Looks at places of partitions, with a few consumers that are kept for the next time. A consumer
/// belongs to a thread while it is used, and Kafka's waiting would pin a virtual one: so a small
/// pool of threads does the reading, and whoever asked waits for it.
final class KafkaReaders implements AutoCloseable {
  private static final int THREADS = 3;
  private static final int QUEUE = 1_000;
  private static final int FEW = 64 << 10;
  private static final int MANY = 1 << 20;
  private static final Duration TURN = Duration.ofMillis(250);
  private static final long UNKNOWN = -1;

  private final ClientConfigs configs;
  private final BlockingQueue<Consumer<byte[], byte[]>> few = new ArrayBlockingQueue<>(THREADS);
  private final BlockingQueue<Consumer<byte[], byte[]>> many = new ArrayBlockingQueue<>(THREADS);
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          10,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(QUEUE),
          task -> Thread.ofPlatform().name("read places").daemon().unstarted(task));
  private volatile boolean closed;

  KafkaReaders(ClientConfigs configs) {
    this.configs = configs;
    threads.allowCoreThreadTimeOut(true);
  }

  Stretch read(String topic, int partition, long from, int bytes, Duration limit) {
    var key = new TopicPartition(topic, partition);
    var deadline = System.nanoTime() + limit.toNanos();
    try {
      return CompletableFuture.supplyAsync(() -> read(key, from, bytes, deadline), threads)
          .get(limit.toNanos() + TURN.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException failed) {
      throw unavailable(key, failed.getCause() == null ? failed : failed.getCause());
    } catch (TimeoutException | RejectedExecutionException late) {
      throw unavailable(key, late);
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }

  private static LogUnavailable unavailable(TopicPartition key, Throwable cause) {
    return new LogUnavailable(key + " cannot be read: " + cause.getMessage(), cause);
  }

  private Stretch read(TopicPartition key, long from, int bytes, long deadline) {
    var pool = bytes > FEW ? many : few;
    var kept = pool.poll();
    var consumer = kept == null ? make(bytes > FEW ? MANY : FEW) : kept;
    var works = false;
    try {
      consumer.assign(List.of(key));
      var stretch = read(consumer, key, from, bytes, deadline);
      consumer.unsubscribe();
      works = true;
      return stretch;
    } finally {
      if (!works || closed || !pool.offer(consumer)) {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(TURN));
      }
    }
  }

  private Consumer<byte[], byte[]> make(int bytes) {
    return new KafkaConsumer<>(
        configs.reader(bytes), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /// Where a partition begins and ends is asked for only when the place is not within: what is read
  /// brings the end along.
  private static Stretch read(
      Consumer<byte[], byte[]> consumer, TopicPartition key, long from, int bytes, long deadline) {
    try {
      return readFrom(consumer, key, from, bytes, deadline);
    } catch (OffsetOutOfRangeException outside) {
      var limit = left(deadline);
      var end = consumer.endOffsets(List.of(key), limit).getOrDefault(key, 0L);
      var first = consumer.beginningOffsets(List.of(key), limit).getOrDefault(key, 0L);
      return from < first && first < end
          ? readAgain(consumer, key, first, bytes, deadline)
          : new Stretch(List.of(), Math.max(from, first), end);
    }
  }

  private static Stretch readAgain(
      Consumer<byte[], byte[]> consumer, TopicPartition key, long first, int bytes, long deadline) {
    try {
      return readFrom(consumer, key, first, bytes, deadline);
    } catch (OffsetOutOfRangeException moved) {
      throw new KafkaException("the partition was cut while it was read", moved);
    }
  }

  private static Stretch readFrom(
      Consumer<byte[], byte[]> consumer, TopicPartition key, long from, int bytes, long deadline) {
    var records = new ArrayList<Stored>();
    var size = 0;
    var next = from;
    var end = UNKNOWN;
    consumer.seek(key, from);
    while (end == UNKNOWN || (next < end && (records.isEmpty() || size < bytes))) {
      var turn = left(deadline).compareTo(TURN) < 0 ? left(deadline) : TURN;
      for (var record : Records.inward(consumer.poll(turn).records(key))) {
        records.add(record);
        size += size(record);
      }
      next = consumer.position(key, left(deadline));
      end = end == UNKNOWN ? end(consumer, key, next) : end;
      if (end < next) {
        end = UNKNOWN; // a new leader does not know yet how far the one before had come
      }
      if ((end == UNKNOWN || next < end) && System.nanoTime() - deadline > 0) {
        throw new org.apache.kafka.common.errors.TimeoutException("no answer in time");
      }
    }
    return new Stretch(records, next, end);
  }

  /// Known from the first answer on.
  private static long end(Consumer<byte[], byte[]> consumer, TopicPartition key, long next) {
    var behind = consumer.currentLag(key);
    return behind.isEmpty() ? UNKNOWN : next + behind.getAsLong();
  }

  private static int size(Stored record) {
    var key = record.key();
    var value = record.value();
    return 64 + (key == null ? 0 : key.size()) + (value == null ? 0 : value.size());
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
  }

  @Override
  public void close() {
    closed = true;
    threads.shutdownNow();
    for (var pool : List.of(few, many)) {
      for (var each = pool.poll(); each != null; each = pool.poll()) {
        each.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(TURN));
      }
    }
  }
}
