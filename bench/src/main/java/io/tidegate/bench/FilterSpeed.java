package io.tidegate.bench;

import io.tidegate.base.Bytes;
import io.tidegate.filter.Document;
import io.tidegate.filter.Filter;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How many times a second one core asks a filter of ten conditions about an event of 2 KiB that
/// was read before; beside it the same questions written by hand against Jackson's tree, which is
/// as fast as a walk through a tree can be. In this process, on one thread, in turn, per second of
/// processor time.
final class FilterSpeed {
  static final String TITLE = "filter";

  private static final double GOAL = 500_000;
  private static final int EVENTS = 256;
  private static final int HELD = 4096;
  private static final int FILTERS = 20_000;
  private static final int BATCH = 256;
  private static final int PAIRS = 5;
  private static final JsonMapper JACKSON = new JsonMapper();
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private final Duration turn;
  private final PrintStream progress;
  private long seen;

  FilterSpeed(Duration turn, PrintStream progress) {
    this.turn = turn;
    this.progress = progress;
  }

  /// Each side's figure.
  record Sides(double ours, double bare) {
    double ratio() {
      return ours / bare;
    }
  }

  /// @param passing evaluations a second where all ten conditions are asked
  /// @param mixed the same for events of which most fail at one of them
  /// @param reading microseconds to read one event
  /// @param held bytes that an event which was read takes
  /// @param filterBytes that a compiled filter takes, its text included
  record Result(
      int eventBytes,
      Sides passing,
      Sides mixed,
      Sides reading,
      Sides held,
      double filterBytes,
      double explainMicros) {
    void print(PrintStream out) {
      out.printf(
          "%n%s: ten conditions, events of %,d bytes, one thread      ours   bare walk (Jackson)%n"
              + "  evaluations/s, all asked    %,12.0f  %,12.0f  ratio %.2f  (goal %,.0f: %s)%n"
              + "  evaluations/s, most fail    %,12.0f  %,12.0f  ratio %.2f%n"
              + "  reading an event            %9.1f us  %9.1f us%n"
              + "  an event in memory          %,9.0f B   %,9.0f B%n"
              + "  a filter in memory          %,9.0f B%n"
              + "  one explanation             %9.1f us%n",
          TITLE,
          eventBytes,
          passing.ours,
          passing.bare,
          passing.ratio(),
          GOAL,
          passing.ours >= GOAL ? "met" : "MISSED",
          mixed.ours,
          mixed.bare,
          mixed.ratio(),
          reading.ours,
          reading.bare,
          held.ours,
          held.bare,
          filterBytes,
          explainMicros);
    }
  }

  Result run() {
    var filter = Filter.compile(SampleEvent.FILTER).orThrow();
    var passing = compare("all asked", filter, SampleEvent.passing(EVENTS));
    var mixed = compare("most fail", filter, SampleEvent.mixed(EVENTS));
    var events = SampleEvent.mixed(EVENTS);
    progress.printf("%s: reading%n", TITLE);
    var reading =
        inTurn(i -> Document.parse(events.get(i)).hashCode(), i -> node(events.get(i)).size());
    return new Result(
        events.getFirst().size(),
        passing,
        mixed,
        new Sides(1e6 / reading.ours, 1e6 / reading.bare),
        held(events),
        filterBytes(),
        explaining(filter, events));
  }

  private Sides compare(String name, Filter filter, List<Bytes> events) {
    progress.printf("%s: %s%n", TITLE, name);
    var documents = events.stream().map(Document::parse).toList();
    var nodes = events.stream().map(FilterSpeed::node).toList();
    IntPredicate ours = i -> filter.matches(documents.get(i));
    IntPredicate bare = i -> SampleEvent.passes(nodes.get(i));
    for (var i = 0; i < EVENTS; i++) {
      if (ours.test(i) != bare.test(i)) {
        throw new BenchFailure("the filter and the bare walk disagree about event " + i);
      }
    }
    return inTurn(i -> ours.test(i) ? 1 : 0, i -> bare.test(i) ? 1 : 0);
  }

  /// The medians of a few turns of each, after one of each that does not count.
  private Sides inTurn(IntUnaryOperator ours, IntUnaryOperator bare) {
    var first = new ArrayList<Double>();
    var second = new ArrayList<Double>();
    for (var pair = 0; pair <= PAIRS; pair++) {
      var one = perSecond(ours);
      var other = perSecond(bare);
      if (pair > 0) {
        first.add(one);
        second.add(other);
      }
    }
    return new Sides(Spread.of(first).median(), Spread.of(second).median());
  }

  /// In a second of this thread's processor time, so that others on the machine do not count.
  private double perSecond(IntUnaryOperator work) {
    var started = CLOCK.getCurrentThreadCpuTime();
    var used = 0L;
    var count = 0L;
    while (used < turn.toNanos()) {
      for (var i = 0; i < BATCH; i++) {
        seen += work.applyAsInt(i & (EVENTS - 1));
      }
      count += BATCH;
      used = CLOCK.getCurrentThreadCpuTime() - started;
    }
    return count / (used / 1e9);
  }

  private static Sides held(List<Bytes> events) {
    var before = used();
    var documents = new ArrayList<Document>();
    for (var i = 0; i < HELD; i++) {
      documents.add(Document.parse(events.get(i % EVENTS)));
    }
    var between = used();
    var nodes = new ArrayList<JsonNode>();
    for (var i = 0; i < HELD; i++) {
      nodes.add(node(events.get(i % EVENTS)));
    }
    var after = used();
    if (documents.size() != nodes.size()) {
      throw new BenchFailure("events are missing");
    }
    return new Sides((between - before) / (double) HELD, (after - between) / (double) HELD);
  }

  private static double filterBytes() {
    var before = used();
    var filters = new ArrayList<Filter>();
    for (var i = 0; i < FILTERS; i++) {
      filters.add(Filter.compile(SampleEvent.FILTER.replace("100", "10" + i)).orThrow());
    }
    var bytes = (used() - before) / (double) FILTERS;
    if (filters.size() != FILTERS) {
      throw new BenchFailure("filters are missing");
    }
    return bytes;
  }

  private double explaining(Filter filter, List<Bytes> events) {
    var documents = events.stream().map(Document::parse).toList();
    var perSecond = 0.0;
    for (var i = 0; i < 3; i++) {
      perSecond = perSecond(event -> filter.explain(documents.get(event)).parts().size());
    }
    if (seen == 0) {
      throw new BenchFailure("no event has passed");
    }
    return 1e6 / perSecond;
  }

  private static JsonNode node(Bytes event) {
    return JACKSON.readTree(event.array());
  }

  private static long used() {
    for (var i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
