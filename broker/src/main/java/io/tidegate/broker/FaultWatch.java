package io.tidegate.broker;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Exit;
import org.jspecify.annotations.Nullable;

/// Stands between a fatal fault of Kafka and the end of the process.
///
/// Kafka ends a process it cannot go on in by `Exit.halt` or `Exit.exit`, from whatever thread it
/// is in. Here that thread ends instead, by an error, and the watch of the node it belongs to is
/// told.
final class FaultWatch {

  /// Threads belong to the node that started them or their ancestors.
  private static final InheritableThreadLocal<@Nullable FaultWatch> NODE =
      new InheritableThreadLocal<>();

  private static final Set<FaultWatch> OPEN = ConcurrentHashMap.newKeySet();

  static {
    Exit.setExitProcedure(FaultWatch::intercept);
    Exit.setHaltProcedure(FaultWatch::intercept);
  }

  private final Consumer<String> onFault;

  FaultWatch(Consumer<String> onFault) {
    this.onFault = onFault;
    OPEN.add(this);
  }

  /// The same work, with its thread and all threads it starts under this watch.
  Runnable over(Runnable work) {
    return () -> {
      NODE.set(this);
      work.run();
    };
  }

  void close() {
    OPEN.remove(this);
  }

  private static void intercept(int status, @Nullable String message) {
    var thread = Thread.currentThread().getName();
    var fault =
        "the embedded Kafka stopped itself (status %d, thread %s)%s"
            .formatted(status, thread, message == null ? "" : ": " + message);
    var node = NODE.get();
    if (node == null) {
      OPEN.forEach(open -> open.onFault.accept(fault));
    } else {
      node.onFault.accept(fault);
    }
    throw new Halted(fault);
  }

  /// Takes the place of the end of the process for the thread that asked for it.
  static final class Halted extends Error {
    Halted(String fault) {
      super(fault);
    }
  }
}
