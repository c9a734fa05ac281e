package io.tidegate.log;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;

/// One limit for several answers of the cluster. For a thread that may wait.
final class Wait {
  private final long deadline;

  Wait(Duration limit) {
    deadline = System.nanoTime() + limit.toNanos();
  }

  int millis() {
    return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
  }

  boolean isOver() {
    return deadline - System.nanoTime() <= 0;
  }

  /// The answer, or why there is none as the exception that Kafka's clients throw.
  <T> T on(KafkaFuture<T> answer) {
    try {
      return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof KafkaException known ? known : new KafkaException(failed);
    } catch (TimeoutException late) {
      throw new org.apache.kafka.common.errors.TimeoutException("no answer in time", late);
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }
}
