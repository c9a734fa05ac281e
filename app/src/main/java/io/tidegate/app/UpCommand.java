package io.tidegate.app;

import io.tidegate.broker.Durability;
import io.tidegate.plan.Plan;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "up",
    description = "Runs the gateway, with a Kafka node inside unless the file names a cluster.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Environment: TIDEGATE_KAFKA=host:port,...  runs on that cluster instead of the one in the file",
      "             TIDEGATE_LOG_FORMAT=json       logs as JSON",
      "             TIDEGATE_HEAP=512m             memory for the heap"
    })
final class UpCommand implements Callable<Integer> {
  /// The exit code when the process could not go on, so that a supervisor starts it again.
  private static final int BROKEN = 70;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description =
          "The configuration, a file or a URL; without it the built-in one (see `config`).")
  private @Nullable String file;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "Where topics are kept (default: ${DEFAULT-VALUE}).")
  private Path data = Path.of("data");

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:7115",
      description = "Where health and metrics are served, or 'off' (default: ${DEFAULT-VALUE}).")
  private String admin = "";

  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      description =
          "Port of the Kafka node inside (default: the same as last time, or a free one).")
  private @Nullable Integer kafkaPort;

  @Option(
      names = "--durability",
      paramLabel = "WHAT",
      defaultValue = "page-cache",
      description =
          "What 'stored' means for the node inside: page-cache survives a crash of the process,"
              + " fsync also a power loss, at a price (default: ${DEFAULT-VALUE}).")
  private String durability = "page-cache";

  @Option(
      names = "--create-topics",
      description = "Create missing topics on clusters that are not inside, too.")
  private boolean createTopics;

  @Override
  public Integer call() throws InterruptedException {
    var source = new Source(Optional.ofNullable(file));
    var plan = source.plan();
    var stop = new CountDownLatch(1);
    var broken = new AtomicBoolean();
    Runnable onFatal =
        () -> {
          broken.set(true);
          stop.countDown();
        };
    try (var gateway = new Gateway(settings(), onFatal)) {
      var starting = new AtomicBoolean(true);
      onSignal(stop, gateway, starting);
      if (!isStarted(gateway, plan, stop)) {
        return 0;
      }
      starting.set(false);
      if (stop.getCount() == 0) {
        return broken.get() ? BROKEN : 0;
      }
      System.out.print(Banner.of(plan, gateway, file));
      System.out.flush();
      try (var _ = source.watch(gateway)) {
        stop.await();
      }
    }
    return broken.get() ? BROKEN : 0;
  }

  /// False when it was told to stop before it had begun, which is no failure.
  private static boolean isStarted(Gateway gateway, Plan plan, CountDownLatch stop) {
    try {
      gateway.apply(plan);
      return true;
    } catch (RuntimeException failed) {
      if (stop.getCount() == 0) {
        return false;
      }
      throw failed;
    }
  }

  /// Ctrl-C and `kill` end the process only after what was accepted is finished.
  private static void onSignal(CountDownLatch stop, Gateway gateway, AtomicBoolean starting) {
    var main = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("shutdown")
                .unstarted(() -> {
                  stop.countDown();
                  if (starting.get()) {
                    main.interrupt();
                  }
                  gateway.close();
                }));
  }

  private Settings settings() {
    return new Settings(
        data,
        admin.equals("off") ? Optional.empty() : Optional.of(Settings.Address.parse(admin)),
        kafkaPort == null ? OptionalInt.empty() : OptionalInt.of(kafkaPort),
        switch (durability) {
          case "page-cache" -> Durability.PAGE_CACHE;
          case "fsync" -> Durability.FSYNC;
          default ->
              throw new UserFault(
                  "--durability is 'page-cache' or 'fsync', not '" + durability + "'");
        },
        createTopics);
  }
}
