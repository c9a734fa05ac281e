package io.tidegate.bench;

import org.jspecify.annotations.Nullable;

/// Something that keeps the benchmark from being run; the message is for whoever started it.
final class BenchFailure extends RuntimeException {

  BenchFailure(String message) {
    this(message, null);
  }

  BenchFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
