package io.tidegate.registry;

import io.tidegate.log.Appended;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Waits for the answers to a number of appends.
final class Batch {
  private final CountDownLatch open;
  private final AtomicReference<@Nullable String> failed = new AtomicReference<>();

  Batch(int size) {
    this.open = new CountDownLatch(size);
  }

  void add(Appended answer) {
    cause(answer).ifPresent(cause -> failed.compareAndSet(null, cause));
    open.countDown();
  }

  private static Optional<String> cause(Appended answer) {
    return switch (answer) {
      case Appended.At _ -> Optional.empty();
      case Appended.Refused(var _, var cause) -> Optional.of(cause);
      case Appended.Unavailable(var _, var cause) -> Optional.of(cause);
      case Appended.Unknown(var cause) -> Optional.of(cause);
    };
  }

  /// Why not all of them are stored, if they are not.
  Optional<String> failure(Duration limit) {
    try {
      if (!open.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        return Optional.of("no answer in time");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
    return Optional.ofNullable(failed.get());
  }
}
