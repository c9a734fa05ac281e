package io.tidegate.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tidegate bench [scenario...]`: the product beside its physical limits, in turn, in one run.
@Command(
    name = "bench",
    description = "Measures Tidegate beside its physical limits and prints the ratios.")
public final class Bench implements Callable<Integer> {

  private static final Duration REST = Duration.ofSeconds(10);
  private static final List<String> OTHERS =
      Stream.concat(
              Stream.of(
                  Startup.TITLE,
                  Streams.TITLE,
                  RegistryReplay.TITLE,
                  FilterSpeed.TITLE,
                  LedgerFold.TITLE,
                  DestinationReplay.TITLE),
              Setup.DELIVERIES.stream())
          .toList();

  @Mixin private Setup setup = new Setup();

  @Parameters(
      paramLabel = "scenario",
      description =
          "produce-64, produce-256, webhook, webhook-memory, publish, get-one, get-merged, streams,"
              + " startup, registry, filter, ledger, destinations, deliver, deliver-hang, deliver-keys,"
              + " deliver-latency, deliver-backlog, fanout or first-byte; all of them when none is named")
  private List<String> scenarios = new ArrayList<>();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this")
  @SuppressWarnings("unused") // picocli looks at it
  private boolean help;

  @Option(names = "--self-test", description = "The skeleton against itself, in seconds")
  private boolean selfTest;

  public static void main(String[] args) {
    System.setProperty("logback.configurationFile", "io/tidegate/bench/logback.xml");
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Bench()).setExecutionExceptionHandler(Bench::explain);
  }

  private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (failure instanceof BenchFailure told) {
      command.getErr().println("bench: " + told.getMessage());
      return 1;
    }
    throw failure;
  }

  @Override
  public Integer call() {
    if (selfTest) {
      return new SelfTest(setup, System.out).run() ? 0 : 1;
    }
    checkNames();
    var started = Instant.now();
    var report = new TextReport(System.out);
    var comparisons = new ArrayList<Comparison>();
    var duel = setup.duel(System.err);
    for (var scenario : Scenario.values()) {
      if (isWanted(scenario.title())) {
        var comparison = duel.run(scenario, setup.timing());
        report.print(comparison);
        comparisons.add(comparison);
      }
    }
    var streams = new ArrayList<Streams.Result>();
    if (isWanted(Streams.TITLE)) {
      streams.add(setup.streams(System.err));
      streams.forEach(report::print);
    }
    var startups = new ArrayList<Startup.Result>();
    if (isWanted(Startup.TITLE)) {
      startups.add(setup.startup(System.err).run(setup.starts(), REST));
      startups.forEach(report::print);
    }
    if (isWanted(RegistryReplay.TITLE)) {
      setup.registry(System.err).run().print(System.out);
    }
    if (isWanted(FilterSpeed.TITLE)) {
      setup.filters(System.err).run().print(System.out);
    }
    if (isWanted(LedgerFold.TITLE)) {
      setup.ledger(System.err).run().print(System.out);
    }
    if (isWanted(DestinationReplay.TITLE)) {
      setup.destinations(System.err).run().print(System.out);
    }
    var deliveries = new ArrayList<DeliveryResult>();
    for (var title : Setup.DELIVERIES) {
      if (isWanted(title)) {
        deliveries.add(setup.deliveries(title, System.err));
        deliveries.getLast().print(System.out);
      }
    }
    var file = setup.resultFile();
    ResultFile.of(started, setup, comparisons, streams, startups, deliveries).write(file);
    System.out.printf("%nresults: %s%n", file);
    return 0;
  }

  private boolean isWanted(String title) {
    return scenarios.isEmpty() || scenarios.contains(title);
  }

  private void checkNames() {
    for (var name : scenarios) {
      if (!OTHERS.contains(name) && Scenario.named(name).isEmpty()) {
        throw new BenchFailure("no scenario named '" + name + "'; --help names them");
      }
    }
  }
}
