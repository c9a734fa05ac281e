package io.tidegate.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// Runs the two sides of a scenario in turn, each in a process of its own: A B A B …, so that
/// whatever disturbs the machine disturbs both.
final class Duel {

  private static final Duration SEED_LIMIT = Duration.ofSeconds(30);

  /// Partitions of the skeleton's topic when the product's cannot be seen.
  private static final int FEW = 4;

  private static final double COMFORTABLE = 0.5;
  private static final long MOST_BYTES_PER_SECOND = 80L << 20;

  private final Arena arena;
  private final Side product;
  private final Side skeleton;
  private final Driver driver;
  private final PrintStream progress;

  Duel(Arena arena, Side product, Side skeleton, Driver driver, PrintStream progress) {
    this.arena = arena;
    this.product = product;
    this.skeleton = skeleton;
    this.driver = driver;
    this.progress = progress;
  }

  Comparison run(Scenario scenario, Timing timing) {
    if (scenario.work().stores()) {
      arena.needSpace(timing.total().toSeconds() * MOST_BYTES_PER_SECOND);
    }
    clear();
    progress.printf("%s: starting%n", scenario.title());
    var work = scenario.work();
    try (var first = arena.start(product, work, new Side.Likeness(work.leastReplyBytes(), FEW))) {
      var likeness = makeReady(first, work);
      try (var second = arena.start(skeleton, work, likeness)) {
        makeReady(second, work);
        return compare(new Rivals(first, second), scenario, timing, likeness);
      }
    } finally {
      clear();
    }
  }

  private record Rivals(Target product, Target skeleton) {}

  private void clear() {
    arena.clear(product);
    arena.clear(skeleton);
  }

  /// Waits until it serves, and stores what the scenario reads.
  private static Side.Likeness makeReady(Target target, Work work) {
    target.awaitFirst();
    if (work.stores()) {
      return new Side.Likeness(0, target.eventTopic().map(EventTopic::partitions).orElse(FEW));
    }
    for (var number = 0; number < Requests.ITEMS; number++) {
      target.ask(Requests.putItem(number));
    }
    var limit = System.nanoTime() + SEED_LIMIT.toNanos();
    while (System.nanoTime() < limit) {
      var answer = target.ask(work.request());
      if (answer.isSuccess() && answer.bodyBytes() >= work.leastReplyBytes()) {
        return new Side.Likeness(answer.bodyBytes(), FEW);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    throw target.failure("does not give back the " + Requests.ITEMS + " items it was given");
  }

  private Comparison compare(
      Rivals rivals, Scenario scenario, Timing timing, Side.Likeness likeness) {
    var flatOut = new Contest(scenario.work(), scenario.connections(), new Pace.Closed(), timing);
    progress.printf("%s: warming up%n", scenario.title());
    var warmUp = flatOut.during(timing.asWarmUp());
    driver.drive(rivals.product(), warmUp);
    driver.drive(rivals.skeleton(), warmUp);
    var closed = series(rivals, flatOut, timing.pairs());
    var rate = new Pace.Open(Math.max(1, closed.commonPerSecond() * COMFORTABLE));
    var before = inside(rivals, scenario);
    var open = series(rivals, flatOut.at(rate), timing.openPairs());
    var inside = inside(rivals, scenario).flatMap(after -> before.map(after::since));
    return new Comparison(
        scenario.title(),
        scenario.connections(),
        scenario.goal(),
        likeness,
        closed,
        open,
        inside,
        scenario.work().isDurable() ? audit(rivals, closed, open) : List.of());
  }

  private static Optional<InsideTimes> inside(Rivals rivals, Scenario scenario) {
    return scenario.work().isTimedInside()
        ? Optional.of(rivals.product().insideTimes())
        : Optional.empty();
  }

  private static List<Audit> audit(Rivals rivals, Series closed, Series open) {
    var productTurns = Stream.concat(closed.productTurns(), open.productTurns());
    var skeletonTurns = Stream.concat(closed.skeletonTurns(), open.skeletonTurns());
    return Stream.concat(
            audit(rivals.product(), productTurns), audit(rivals.skeleton(), skeletonTurns))
        .toList();
  }

  private static Stream<Audit> audit(Target target, Stream<Turn> turns) {
    var acknowledged = turns.mapToLong(Turn::successes).sum();
    return target.eventTopic().stream()
        .map(topic -> new Audit(target.name(), acknowledged, topic.records()));
  }

  private Series series(Rivals rivals, Contest contest, int count) {
    var pairs = new ArrayList<Pair>();
    for (var number = 1; number <= count; number++) {
      var productTurn = driver.drive(rivals.product(), contest);
      var pair = new Pair(productTurn, driver.drive(rivals.skeleton(), contest));
      pairs.add(pair);
      progress.printf(
          "  pair %d of %d: %,.0f/s against %,.0f/s%n",
          number, count, pair.product().perSecond(), pair.skeleton().perSecond());
    }
    return Series.of(contest.pace() instanceof Pace.Open open ? open.perSecond() : 0, pairs);
  }
}
