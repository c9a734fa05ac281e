package io.tidegate.log;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// How much is on its way to a cluster, and no more than the limits say. Any thread may use it.
final class InFlight {
  private final KafkaSettings.Limits limits;
  private final AtomicInteger messages = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  InFlight(KafkaSettings.Limits limits) {
    this.limits = limits;
  }

  boolean canEverTake(int size) {
    return size <= limits.bytes() && size < ClientConfigs.LARGEST_REQUEST;
  }

  /// Takes the room for one message, or says that there is none.
  boolean take(int size) {
    if (messages.incrementAndGet() > limits.messages()) {
      messages.decrementAndGet();
      return false;
    }
    if (bytes.addAndGet(size) > limits.bytes()) {
      give(size);
      return false;
    }
    return true;
  }

  void give(int size) {
    messages.decrementAndGet();
    bytes.addAndGet(-size);
  }

  int messages() {
    return messages.get();
  }

  long bytes() {
    return bytes.get();
  }
}
