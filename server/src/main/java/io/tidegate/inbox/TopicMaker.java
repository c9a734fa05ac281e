package io.tidegate.inbox;

import io.tidegate.log.RecordLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Makes a topic when the first event for it comes, where Tidegate may make topics. Any thread;
/// nothing blocks.
@FunctionalInterface
public interface TopicMaker {
  TopicMaker NEVER = (_, then) -> then.accept(false);

  /// Says once whether the topic was made, within seconds.
  void make(String topic, Consumer<Boolean> then);

  /// @param workers runs what may wait
  /// @param most topics; since their names can be a caller's words
  static TopicMaker on(RecordLog log, Executor workers, int most) {
    return new OnDemand(log, workers, most);
  }

  /// Asks the log, once for all who want the same at the same time.
  final class OnDemand implements TopicMaker {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final RecordLog log;
    private final Executor workers;
    private final int most;
    private final AtomicInteger made = new AtomicInteger();
    private final ConcurrentHashMap<String, CompletableFuture<Boolean>> making =
        new ConcurrentHashMap<>();

    private OnDemand(RecordLog log, Executor workers, int most) {
      this.log = log;
      this.workers = workers;
      this.most = most;
    }

    @Override
    public void make(String topic, Consumer<Boolean> then) {
      var fresh = new CompletableFuture<Boolean>();
      var other = making.putIfAbsent(topic, fresh);
      var _ = (other == null ? fresh : other).thenAccept(then);
      if (other == null) {
        try {
          workers.execute(() -> finish(topic, fresh, made.getAndIncrement() < most && made(topic)));
        } catch (RejectedExecutionException closing) {
          finish(topic, fresh, false);
        }
      }
    }

    private boolean made(String topic) {
      try {
        log.create(List.of(new RecordLog.TopicSpec(topic, 1, false, Map.of())), LIMIT);
        return true;
      } catch (RuntimeException away) {
        made.decrementAndGet();
        return false;
      }
    }

    private void finish(String topic, CompletableFuture<Boolean> fresh, boolean done) {
      making.remove(topic, fresh);
      fresh.complete(done);
    }
  }
}
