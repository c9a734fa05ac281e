package io.tidegate.bench;

import io.tidegate.bench.Side.Likeness;
import io.tidegate.bench.Side.Serving;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/// A Kafka node of its own with an empty topic, receivers in this process, and room for one side
/// that delivers.
final class DeliveryStage implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(3);

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Arena arena;
  private final int kafkaPort = Target.freePort();
  private final Receivers receivers;
  private final Target node;

  private DeliveryStage(Arena arena, Jvm jvm, Receivers receivers) {
    this.arena = arena;
    this.receivers = receivers;
    this.node = target(new DeliverySide.Node(jvm));
  }

  static DeliveryStage open(Arena arena, Jvm jvm, Receivers receivers) {
    var stage = new DeliveryStage(arena, jvm, receivers);
    try {
      stage.awaitNode();
      DeliverySource.createTopics(stage.bootstrap());
      return stage;
    } catch (RuntimeException failed) {
      stage.close();
      throw failed;
    }
  }

  Receivers receivers() {
    return receivers;
  }

  DeliverySource source(int keys, IntFunction<String> urls) {
    return new DeliverySource(bootstrap(), keys, urls);
  }

  /// Starts a side that has never run before.
  Target start(DeliverySide side) {
    return target(side);
  }

  /// Starts a side on what it has left behind.
  Target startAgain(DeliverySide side) {
    return Target.start(side, serving(folder(side)));
  }

  /// Returns once so many have arrived over all.
  void await(Target side, long count) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!receivers.await(count, LOOK)) {
      if (!side.isAlive() || System.nanoTime() > end) {
        throw side.failure(
            "%s and has delivered %,d of %,d"
                .formatted(side.isAlive() ? "runs" : "has ended", receivers.received(), count));
      }
    }
  }

  CpuMeter meter(Target side) {
    return new CpuMeter(side.cpu(), node.cpu());
  }

  private String bootstrap() {
    return "127.0.0.1:" + kafkaPort;
  }

  private Target target(DeliverySide side) {
    arena.fresh(name(side));
    return Target.start(side, serving(folder(side)));
  }

  private static String name(DeliverySide side) {
    return "deliver-" + side.name().replace(' ', '-');
  }

  private Path folder(DeliverySide side) {
    try {
      return Files.createDirectories(arena.folder().resolve(name(side)));
    } catch (IOException failed) {
      throw new BenchFailure("no folder for " + side.name() + ": " + failed, failed);
    }
  }

  private Serving serving(Path folder) {
    return new Serving(Work.PUBLISH, Target.freePort(), kafkaPort, 0, folder, new Likeness(0, 0));
  }

  private void awaitNode() {
    long limit = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < limit && node.isAlive()) {
      try (var _ = new Socket(InetAddress.getLoopbackAddress(), kafkaPort)) {
        return;
      } catch (IOException notYet) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
    throw node.failure("does not start");
  }

  @Override
  public void close() {
    node.close();
    receivers.close();
  }
}
