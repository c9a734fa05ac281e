package io.tidegate.log;

import io.tidegate.base.Time;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;

/// How many records a tail is behind, as far as its consumer knows. Looked at once a second at
/// most.
final class Lag {
  private static final long PERIOD = TimeUnit.SECONDS.toNanos(1);

  private final Time time;
  private long last;
  private volatile long records;

  Lag(Time time) {
    this.time = time;
    this.last = time.nanos() - PERIOD;
  }

  void update(Consumer<?, ?> consumer) {
    var now = time.nanos();
    if (now - last >= PERIOD) {
      last = now;
      var sum = 0L;
      for (var partition : consumer.assignment()) {
        sum += consumer.currentLag(partition).orElse(0);
      }
      records = sum;
    }
  }

  long records() {
    return records;
  }
}
