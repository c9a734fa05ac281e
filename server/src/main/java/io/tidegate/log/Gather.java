package io.tidegate.log;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/// Lets records gather while they come thick and fast: a request of the consumer is answered as
/// soon as there is one, and costs the cluster and us about as much as one for a hundred. A record
/// that comes alone is not held up. For one thread.
final class Gather {
  /// Bytes of values. Where there are so many at once, there are more.
  private static final long PLENTY = 256 << 10;

  private long last = System.nanoTime() - Duration.ofMinutes(1).toNanos();

  /// Waits a little if the last records came just before, and no more of them than a look brings.
  ///
  /// @param apart how far looks that find something are to lie apart
  void after(ConsumerRecords<byte[], byte[]> read, Duration apart) {
    if (read.isEmpty()) {
      return;
    }
    var left = last + apart.toNanos() - System.nanoTime();
    if (left > 0 && size(read) < PLENTY) {
      LockSupport.parkNanos(left);
    }
    last = System.nanoTime();
  }

  private static long size(ConsumerRecords<byte[], byte[]> read) {
    long sum = 0;
    for (var record : read) {
      sum += record.serializedValueSize();
    }
    return sum;
  }
}
