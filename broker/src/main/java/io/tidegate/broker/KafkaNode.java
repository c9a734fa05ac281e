package io.tidegate.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Kafka's server object, made bounded: it starts, runs and stops on threads that nobody has to wait
/// for, and its faults become a state.
///
///     starting --started--> running --fault--> failed
///     starting --fault----> failed
///     any ------stop------> stopped
final class KafkaNode {

  private enum State {
    STARTING,
    RUNNING,
    FAILED,
    STOPPED
  }

  private static final Logger LOG = LoggerFactory.getLogger(KafkaNode.class);

  /// After a crash the tail of every partition is read again; Kafka itself gives up much earlier on
  /// anything else.
  private static final Duration START_LIMIT = Duration.ofMinutes(5);

  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  /// After a fault an orderly stop often cannot end: its parts wait for the one that has failed.
  private static final Duration STOP_LIMIT_AFTER_FAULT = Duration.ofSeconds(2);

  private final Consumer<String> onFatal;
  private final FaultWatch watch = new FaultWatch(this::fault);
  private final AtomicReference<State> state = new AtomicReference<>(State.STARTING);
  private final CompletableFuture<Void> started = new CompletableFuture<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private volatile @Nullable KafkaRaftServer server;

  KafkaNode(Consumer<String> onFatal) {
    this.onFatal = onFatal;
  }

  /// Returns once clients are served.
  void start(Path data, Properties settings) {
    thread("start", () -> run(settings));
    try {
      started.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
      state.compareAndSet(State.STARTING, State.RUNNING);
    } catch (ExecutionException failed) {
      stop();
      throw BrokerFailure.notStarted(data, failed);
    } catch (TimeoutException slow) {
      stop();
      throw BrokerFailure.notStarted(data, slow);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      stop();
      throw BrokerFailure.notStarted(data, interrupted);
    }
  }

  boolean isRunning() {
    return state.get() == State.RUNNING;
  }

  /// True when nothing of it is left; false when it did not end in time.
  boolean stop() {
    var before = state.getAndSet(State.STOPPED);
    if (before != State.STOPPED) {
      thread("stop", this::shutDown);
    }
    var limit = before == State.FAILED ? STOP_LIMIT_AFTER_FAULT : STOP_LIMIT;
    try {
      stopped.get(limit.toSeconds(), TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException | TimeoutException unclean) {
      LOG.atWarn().setCause(unclean).log("the embedded Kafka did not stop in an orderly way");
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void run(Properties settings) {
    try {
      var fresh = new KafkaRaftServer(KafkaConfig.fromProps(settings, false), Time.SYSTEM);
      server = fresh;
      fresh.startup();
      started.complete(null);
    } catch (Throwable failed) {
      started.completeExceptionally(failed);
    }
  }

  private void shutDown() {
    try {
      var running = server;
      if (running != null) {
        running.shutdown();
        running.awaitShutdown();
      }
      watch.close();
      stopped.complete(null);
    } catch (Throwable failed) {
      stopped.completeExceptionally(failed);
    }
  }

  private void fault(String fault) {
    if (started.completeExceptionally(new IllegalStateException(fault))) {
      return; // whoever waits for the start is told
    }
    var before = state.getAndUpdate(now -> now == State.STOPPED ? now : State.FAILED);
    if (before == State.STARTING || before == State.RUNNING) {
      LOG.atError().log(fault);
      thread("fatal", () -> onFatal.accept(fault));
    }
  }

  private void thread(String name, Runnable work) {
    Thread.ofPlatform().daemon().name("tidegate-broker-" + name).start(watch.over(work));
  }
}
