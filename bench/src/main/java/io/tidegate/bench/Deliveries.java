package io.tidegate.bench;

import io.tidegate.bench.DeliveryResult.Finding;
import io.tidegate.bench.DeliveryResult.Row;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// A topic to its receivers: how fast beside a bare loop and another library, and what bad
/// receivers and many keys do to that.
final class Deliveries {
  static final String DELIVER = "deliver";
  static final String HANG = "deliver-hang";
  static final String KEYS = "deliver-keys";

  private static final double BARE_GOAL = 0.6;
  private static final double PARALLEL_GOAL = 1;
  private static final double HANG_GOAL = 0.9;
  private static final double KEYS_GOAL = 0.8;
  private static final int FEW_KEYS = 1_000;
  private static final int MANY_KEYS = 100_000;
  private static final int HUNDRED = 100;

  private final Arena arena;
  private final Sides sides;
  private final Size size;
  private final PrintStream progress;

  record Sides(
      DeliverySide product, DeliverySide bare, DeliverySide parallel, DeliverySide.Node node) {}

  /// @param warmUp records before the clock runs
  /// @param measured records
  /// @param rounds of each side, in turn
  record Size(int warmUp, int measured, int rounds) {
    static final Size FULL = new Size(100_000, 200_000, 3);
    static final Size QUICK = new Size(20_000, 40_000, 1);

    int total() {
      return warmUp + measured;
    }
  }

  /// @param receivers each with a port
  /// @param hanging of them
  private record Load(String label, int keys, int receivers, int hanging) {

    /// Of so many records, those that are not for a hanging receiver.
    long answered(int records) {
      return (long) records / receivers * (receivers - hanging);
    }
  }

  Deliveries(Arena arena, Sides sides, Size size, PrintStream progress) {
    this.arena = arena;
    this.sides = sides;
    this.size = size;
    this.progress = progress;
  }

  DeliveryResult deliver() {
    var load = new Load("", FEW_KEYS, 1, 0);
    var rows = new ArrayList<Row>();
    for (int round = 0; round < size.rounds; round++) {
      for (var side : List.of(sides.product, sides.bare, sides.parallel)) {
        rows.add(run(DELIVER, side, load));
      }
    }
    return new DeliveryResult(
        DELIVER,
        false,
        rows,
        List.of(
            Finding.ratio("product / bare loop", rows, "product", "bare loop", BARE_GOAL),
            Finding.ratio("product / parallel", rows, "product", "parallel", PARALLEL_GOAL)));
  }

  DeliveryResult hang() {
    var all = new Load("all answer", FEW_KEYS, HUNDRED, 0);
    return contrast(HANG, all, new Load("1 % hang", FEW_KEYS, HUNDRED, 1), HANG_GOAL);
  }

  DeliveryResult keys() {
    var few = new Load("1,000 keys", FEW_KEYS, 1, 0);
    return contrast(KEYS, few, new Load("100,000 keys", MANY_KEYS, 1, 0), KEYS_GOAL);
  }

  private DeliveryResult contrast(String title, Load usual, Load bad, double goal) {
    var rows = new ArrayList<Row>();
    for (int round = 0; round < size.rounds; round++) {
      rows.add(run(title, sides.product, usual));
      rows.add(run(title, sides.product, bad));
    }
    var what = bad.label + " / " + usual.label;
    var name = sides.product.name() + ", ";
    return new DeliveryResult(
        title,
        false,
        rows,
        List.of(Finding.ratio(what, rows, name + bad.label, name + usual.label, goal)));
  }

  private Row run(String title, DeliverySide side, Load load) {
    var receivers = new Receivers(load.receivers, load.hanging, load.keys);
    try (var stage = DeliveryStage.open(arena, sides.node.jvm(), receivers);
        var source = stage.source(load.keys, receivers::url)) {
      source.send(size.total());
      try (var target = stage.start(side)) {
        stage.await(target, load.answered(size.warmUp));
        var meter = stage.meter(target);
        long before = receivers.received();
        stage.await(target, load.answered(size.total()));
        var used = meter.used();
        var label = load.label.isEmpty() ? side.name() : side.name() + ", " + load.label;
        var row = Row.of(label, receivers, before, used, target.cpu().residentMiB());
        progress.printf("%s: %s: %,.0f/s%n", title, label, row.perSecond());
        return row;
      }
    }
  }
}
