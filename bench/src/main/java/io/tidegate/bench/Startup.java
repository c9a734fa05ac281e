package io.tidegate.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// From spawning the process to the first stored POST, and the memory it then holds at rest.
final class Startup {

  static final String TITLE = "startup";

  /// What is aimed for, cold and without any cache.
  static final Duration GOAL = Duration.ofSeconds(3);

  static final int RESIDENT_MIB_GOAL = 400;

  private static final Duration FIRST_LIMIT = Duration.ofMinutes(5);
  private static final int PARTITIONS = 4;

  private final Arena arena;
  private final List<Entrant> entrants;
  private final PrintStream progress;

  /// @param label what is special about this way to start, for the table
  /// @param holds whether the label turns out to be true, asked after a first start
  record Entrant(Side side, String label, BooleanSupplier holds) {}

  /// Times are in milliseconds.
  ///
  /// @param state of the data folder: `cold` when it was empty, else `warm`
  record Row(String side, String label, String state, Spread millis, Spread cpuSeconds) {}

  record Rest(String side, String label, double residentMiB) {}

  /// @param restSeconds how long after the first POST the memory was read
  record Result(List<Row> rows, List<Rest> rests, long restSeconds) {}

  private record Start(double millis, double cpuSeconds) {}

  Startup(Arena arena, List<Entrant> entrants, PrintStream progress) {
    this.arena = arena;
    this.entrants = new ArrayList<>(entrants);
    this.progress = progress;
  }

  Result run(int times, Duration rest) {
    startOnceUnmeasured();
    var rows = new ArrayList<Row>();
    rows.addAll(rows("cold", times));
    rows.addAll(rows("warm", times));
    var rests = entrants.stream().map(entrant -> rest(entrant, rest)).toList();
    entrants.forEach(entrant -> arena.clear(entrant.side()));
    return new Result(rows, rests, rest.toSeconds());
  }

  /// A launcher may have something to build or to prepare at its first start.
  private void startOnceUnmeasured() {
    for (var entrant : List.copyOf(entrants)) {
      progress.printf("%s: %s %s, not measured%n", TITLE, entrant.side().name(), entrant.label());
      try (var target = spawn(entrant)) {
        target.awaitFirst(FIRST_LIMIT);
      }
      if (!entrant.holds().getAsBoolean()) {
        progress.printf("%s: left out, there is no %s%n", TITLE, entrant.label());
        entrants.remove(entrant);
      }
    }
  }

  /// In turn as well: the first of each, then the second of each.
  private List<Row> rows(String state, int times) {
    var starts = entrants.stream().map(_ -> new ArrayList<Start>()).toList();
    for (var time = 1; time <= times; time++) {
      progress.printf("%s: %s, start %d of %d of each%n", TITLE, state, time, times);
      for (var number = 0; number < entrants.size(); number++) {
        starts.get(number).add(start(entrants.get(number), state.equals("cold")));
      }
    }
    var rows = new ArrayList<Row>();
    for (var number = 0; number < entrants.size(); number++) {
      rows.add(row(entrants.get(number), state, starts.get(number)));
    }
    return rows;
  }

  private static Row row(Entrant entrant, String state, List<Start> starts) {
    return new Row(
        entrant.side().name(),
        entrant.label(),
        state,
        Spread.of(starts.stream().map(Start::millis).toList()),
        Spread.of(starts.stream().map(Start::cpuSeconds).toList()));
  }

  private Start start(Entrant entrant, boolean cold) {
    if (cold) {
      arena.clear(entrant.side());
    }
    try (var target = spawn(entrant)) {
      var taken = target.awaitFirst();
      return new Start(taken.toNanos() / 1e6, target.cpu().read().server());
    }
  }

  private Rest rest(Entrant entrant, Duration duration) {
    progress.printf("%s: %s at rest%n", TITLE, entrant.side().name());
    try (var target = spawn(entrant)) {
      target.awaitFirst();
      TimeUnit.NANOSECONDS.sleep(duration.toNanos());
      return new Rest(entrant.side().name(), entrant.label(), target.cpu().residentMiB());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new BenchFailure("interrupted");
    }
  }

  private Target spawn(Entrant entrant) {
    return arena.start(entrant.side(), Work.PRODUCE, new Side.Likeness(0, PARTITIONS));
  }
}
