package io.tidegate.bench;

import io.tidegate.broker.BrokerOptions;
import io.tidegate.broker.EmbeddedBroker;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The physical limits, as programs: what is left of the product when everything but the sockets
/// and the log is taken away.
///
///     Skeleton produce PORT LOOPS DATA KAFKA-PORT PARTITIONS
///     Skeleton absorb  PORT LOOPS DATA KAFKA-PORT PARTITIONS
///     Skeleton reply PORT LOOPS BYTES
///     Skeleton stream PORT LOOPS EVENTS-PER-SECOND BYTES
///     Skeleton deliver KAFKA-PORT LOOPS CONCURRENCY
///     Skeleton relay PORT LOOPS KAFKA-PORT CONCURRENCY
///     Skeleton node KAFKA-PORT 1 DATA
final class Skeleton {

  private Skeleton() {}

  public static void main(String[] args) throws Exception {
    System.setProperty("logback.configurationFile", "io/tidegate/bench/logback.xml");
    var port = number(args[1]);
    var loops = number(args[2]);
    switch (args[0]) {
      case "produce", "absorb" -> {
        var log = SkeletonLog.open(Path.of(args[3]), number(args[4]), number(args[5]));
        Runtime.getRuntime().addShutdownHook(new Thread(log::close, "skeleton-stop"));
        listen(loops, () -> new ProduceSkeleton(port, log, args[0].equals("produce")));
      }
      case "reply" -> {
        var bytes = number(args[3]);
        listen(loops, () -> new ReplySkeleton(port, bytes));
      }
      case "stream" -> {
        var perSecond = number(args[3]);
        var bytes = number(args[4]);
        listen(loops, () -> new StreamSkeleton(port, perSecond, bytes));
      }
      case "deliver" -> DeliverySkeleton.run(port, loops, number(args[3]));
      case "relay" -> {
        var kafkaPort = number(args[3]);
        listen(loops, () -> new RelaySkeleton(port, kafkaPort));
        DeliverySkeleton.run(kafkaPort, loops, number(args[4]));
      }
      case "node" -> {
        var node = EmbeddedBroker.start(BrokerOptions.in(Path.of(args[3])).withPort(port));
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "node-stop"));
        Thread.currentThread().join();
      }
      default -> throw new IllegalArgumentException("no skeleton named " + args[0]);
    }
  }

  private static int number(String argument) {
    return Integer.parseInt(argument);
  }

  private static void listen(int loops, Supplier<Deployable> server) throws Exception {
    var options = new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loops);
    Vertx.vertx(options)
        .deployVerticle(server, new DeploymentOptions().setInstances(loops))
        .toCompletionStage()
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
  }
}
