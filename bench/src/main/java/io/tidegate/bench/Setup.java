package io.tidegate.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Option;

/// The options of a run, and what is made from them.
final class Setup {

  /// The scenarios that bring records to receivers.
  static final List<String> DELIVERIES =
      List.of(
          Deliveries.DELIVER,
          Deliveries.HANG,
          Deliveries.KEYS,
          SteadyDeliveries.LATENCY,
          SteadyDeliveries.BACKLOG,
          FanoutSpeed.TITLE,
          FirstByte.TITLE);

  private static final String SKELETON = "skeleton";
  private static final int QUICK_STARTS = 3;
  private static final int STARTS = 5;

  @Option(names = "--quick", description = "Short turns: a rough answer in a minute a scenario")
  private boolean quick;

  @Option(names = "--pairs", description = "Turns of each side (5; fanout: 3, quick: 1)")
  private Optional<Integer> pairs = Optional.empty();

  @Option(
      names = "--seconds",
      description = "Measured time of a turn (4, quick: 2; fanout and first-byte: 20, quick: 8)")
  private Optional<Integer> seconds = Optional.empty();

  @Option(
      names = "--warm-up",
      description = "Seconds of load before the first turn (60, quick: 20)")
  private Optional<Integer> warmUp = Optional.empty();

  @Option(
      names = "--rate",
      description = "Events a second of 'first-byte' (half of what can be done)")
  private Optional<Double> rate = Optional.empty();

  @Option(
      names = "--product",
      paramLabel = "COMMAND",
      description = {
        "How to start the product, for the shell; {config}, {data}, {port} and {kafka} are filled",
        "in, or 'up FILE --data DIR ...' is added. 'skeleton' puts the skeleton in its place: all",
        "ratios should then be about 1. Default: what was built"
      })
  private String product = "";

  @Option(
      names = "--jvm",
      paramLabel = "FLAGS",
      description = "JVM flags of both sides (those of this JVM, with -Xmx512m)")
  private Optional<String> flags = Optional.empty();

  @Option(names = "--threads", description = "Threads of the load driver: ${DEFAULT-VALUE}")
  private int threads = 1;

  @Option(names = "--loops", description = "Event loops of the skeleton: ${DEFAULT-VALUE}")
  private int loops = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  @Option(names = "--work", description = "Folder for the data of both: ${DEFAULT-VALUE}")
  private Path work = outputFolder().resolve("bench-work");

  @Option(names = "--out", description = "File for the results as JSON: ${DEFAULT-VALUE}")
  private Path out = outputFolder().resolve("bench.json");

  private static Path outputFolder() {
    return home().resolve("bench/target");
  }

  Timing timing() {
    var timing = quick ? Timing.QUICK : Timing.FULL;
    timing = pairs.map(timing::withPairs).orElse(timing);
    timing = seconds.map(Duration::ofSeconds).map(timing::withMeasured).orElse(timing);
    return warmUp.map(Duration::ofSeconds).map(timing::withWarmUp).orElse(timing);
  }

  int starts() {
    return quick ? QUICK_STARTS : STARTS;
  }

  Jvm jvm() {
    return flags
        .map(line -> new Jvm(Arrays.asList(line.strip().split("\\s+", -1))))
        .orElseGet(Jvm::likeOurs);
  }

  Path resultFile() {
    try {
      Files.createDirectories(out.toAbsolutePath().getParent());
      return out;
    } catch (IOException failed) {
      throw new BenchFailure(out + " cannot be written: " + failed, failed);
    }
  }

  Duel duel(PrintStream progress) {
    return new Duel(arena(), product(), skeleton(SKELETON), new Driver(threads), progress);
  }

  /// The skeleton in both places.
  Duel shadowDuel(PrintStream progress) {
    var shadow = skeleton("product");
    return new Duel(arena(), shadow, skeleton(SKELETON), new Driver(threads), progress);
  }

  Startup startup(PrintStream progress) {
    var entrants = new ArrayList<Startup.Entrant>();
    if (product.isEmpty()) {
      var cached = new ProductSide.Launched(home(), true);
      var plain = new ProductSide.Launched(home(), false);
      entrants.add(new Startup.Entrant(cached, "AOT cache", cached::hasCache));
      entrants.add(new Startup.Entrant(plain, "no cache", () -> true));
    } else {
      entrants.add(new Startup.Entrant(product(), "as given", () -> true));
    }
    entrants.add(new Startup.Entrant(skeleton(SKELETON), "no cache", () -> true));
    return new Startup(arena(), entrants, progress);
  }

  Streams.Result streams(PrintStream progress) {
    var seconds = Duration.ofSeconds(quick ? 5 : 15);
    return new Streams(arena(), product(), jvm(), progress)
        .run(seconds, seconds, 10_000, quick ? 300_000 : 1_000_000);
  }

  RegistryReplay registry(PrintStream progress) {
    return new RegistryReplay(arena().fresh("registry"), progress);
  }

  DeliveryResult deliveries(String title, PrintStream progress) {
    var node = new DeliverySide.Node(jvm());
    var bare = new DeliverySide.Bare("bare loop", jvm(), loops);
    var product =
        this.product.equals(SKELETON)
            ? new DeliverySide.Bare("product", jvm(), loops)
            : new DeliverySide.Product(home(), jvm());
    var parallel =
        new DeliverySide.Parallel(home().resolve("bench/rival/target/lib"), jvm(), loops);
    var sides = new Deliveries.Sides(product, bare, parallel, node);
    var size = quick ? Deliveries.Size.QUICK : Deliveries.Size.FULL;
    var flatOut = new Deliveries(arena(), sides, size, progress);
    var pace = quick ? SteadyDeliveries.Size.QUICK : SteadyDeliveries.Size.FULL;
    var steady = new SteadyDeliveries(arena(), product, bare, node, pace, progress);
    return switch (title) {
      case Deliveries.DELIVER -> flatOut.deliver();
      case Deliveries.HANG -> flatOut.hang();
      case Deliveries.KEYS -> flatOut.keys();
      case SteadyDeliveries.LATENCY -> steady.latency();
      case SteadyDeliveries.BACKLOG -> steady.backlog();
      case FanoutSpeed.TITLE -> fanout(progress).run();
      case FirstByte.TITLE -> firstByte(progress).run();
      default -> throw new IllegalArgumentException(title);
    };
  }

  private FanoutSpeed fanout(PrintStream progress) {
    var sides =
        new FanoutSpeed.Sides(
            product.equals(SKELETON)
                ? new DeliverySide.Bare("product", jvm(), loops)
                : new DeliverySide.Events(home(), jvm()),
            new DeliverySide.Bare("bare loop", jvm(), loops),
            new DeliverySide.Node(jvm()));
    var usual = quick ? FanoutSpeed.Size.QUICK : FanoutSpeed.Size.FULL;
    var size =
        new FanoutSpeed.Size(
            warmUp.map(Duration::ofSeconds).orElse(usual.warmUp()),
            seconds.map(Duration::ofSeconds).orElse(usual.measured()),
            pairs.orElse(usual.rounds()));
    return new FanoutSpeed(arena(), sides, size, progress);
  }

  private FirstByte firstByte(PrintStream progress) {
    var sides =
        new FirstByte.Sides(
            product.equals(SKELETON)
                ? new DeliverySide.Relay("product", jvm(), loops)
                : new DeliverySide.Events(home(), jvm()),
            new DeliverySide.Relay("bare loop", jvm(), loops),
            new DeliverySide.Node(jvm()));
    var usual = quick ? FirstByte.Size.QUICK : FirstByte.Size.FULL;
    var size =
        new FirstByte.Size(
            warmUp.map(Duration::ofSeconds).orElse(usual.warmUp()),
            usual.flatOut(),
            usual.lead(),
            seconds.map(Duration::ofSeconds).orElse(usual.measured()),
            rate.map(OptionalDouble::of).orElse(OptionalDouble.empty()));
    return new FirstByte(arena(), sides, size, progress);
  }

  DestinationReplay destinations(PrintStream progress) {
    return new DestinationReplay(arena().fresh(DestinationReplay.TITLE), progress);
  }

  FilterSpeed filters(PrintStream progress) {
    return new FilterSpeed(Duration.ofMillis(quick ? 500 : 2000), progress);
  }

  LedgerFold ledger(PrintStream progress) {
    return new LedgerFold(arena().fresh("ledger"), quick ? 100_000 : 600_000, progress);
  }

  private Arena arena() {
    return new Arena(work.toAbsolutePath());
  }

  private Side product() {
    return switch (product) {
      case "" -> new ProductSide.Built(home(), jvm());
      case SKELETON -> skeleton("product");
      default -> new ProductSide.Shell(product, jvm());
    };
  }

  private Side skeleton(String name) {
    return new SkeletonSide(name, jvm(), loops);
  }

  /// The launcher says where it is; without it, the current folder may be the one.
  private static Path home() {
    return Path.of(System.getProperty("tidegate.home", "")).toAbsolutePath();
  }
}
