package io.tidegate.bench;

import io.tidegate.bench.DeliveryResult.Finding;
import io.tidegate.bench.DeliveryResult.Row;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The product alone, with records that are made at a steady rate: how long they take, and what a
/// dead receiver with a great backlog does to the others.
final class SteadyDeliveries {
  static final String LATENCY = "deliver-latency";
  static final String BACKLOG = "deliver-backlog";

  private static final int KEYS = 1_000;
  private static final int DEAD_KEYS = 100;
  private static final double P50_GOAL = 5;
  private static final double P99_GOAL = 50;
  private static final double BACKLOG_GOAL = 1.1;
  private static final double RESTART_SECONDS_GOAL = 10;

  private final Arena arena;
  private final DeliverySide product;
  private final DeliverySide bare;
  private final DeliverySide.Node node;
  private final Size size;
  private final PrintStream progress;

  /// @param warmUp records before the clock runs, delivered as fast as can be
  /// @param lead at the steady rate before it: the compilers are busy for a minute
  /// @param backlog records for the dead receiver
  /// @param backlogPerSecond of the others, meanwhile
  record Size(int warmUp, Duration lead, Duration measured, int backlog, int backlogPerSecond) {
    static final Size FULL =
        new Size(150_000, Duration.ofSeconds(60), Duration.ofSeconds(20), 1_000_000, 1_000);
    static final Size QUICK =
        new Size(60_000, Duration.ofSeconds(20), Duration.ofSeconds(8), 200_000, 1_000);
  }

  SteadyDeliveries(
      Arena arena,
      DeliverySide product,
      DeliverySide bare,
      DeliverySide.Node node,
      Size size,
      PrintStream progress) {
    this.arena = arena;
    this.product = product;
    this.bare = bare;
    this.node = node;
    this.size = size;
    this.progress = progress;
  }

  /// The bare loop gets the same records at the same rate: what of the time is Kafka's and the
  /// machine's.
  DeliveryResult latency() {
    var receivers = new Receivers(1, 0, KEYS);
    Row row;
    int half;
    try (var stage = DeliveryStage.open(arena, node.jvm(), receivers);
        var source = stage.source(KEYS, receivers::url);
        var target = stage.start(product)) {
      double most = mostPerSecond(stage, target, source);
      half = (int) (most / 2);
      progress.printf(Locale.ROOT, "%s: %,.0f/s flat out, %,d/s offered%n", LATENCY, most, half);
      row = steady("product", stage, target, source, half);
    }
    var limit = bareAt(half);
    return new DeliveryResult(
        LATENCY,
        true,
        List.of(row, limit),
        List.of(
            Finding.atMost("p50 ms", row.p50(), P50_GOAL),
            Finding.atMost("p99 ms", row.p99(), P99_GOAL),
            Finding.told("p50, product / bare loop", row.p50() / limit.p50()),
            Finding.told("p99, product / bare loop", row.p99() / limit.p99())));
  }

  private Row bareAt(int perSecond) {
    var receivers = new Receivers(1, 0, KEYS);
    try (var stage = DeliveryStage.open(arena, node.jvm(), receivers);
        var source = stage.source(KEYS, receivers::url);
        var target = stage.start(bare)) {
      mostPerSecond(stage, target, source);
      return steady(bare.name(), stage, target, source, perSecond);
    }
  }

  /// What it delivers of a backlog, once it is warm.
  private double mostPerSecond(DeliveryStage stage, Target target, DeliverySource source) {
    source.send(size.warmUp);
    stage.await(target, size.warmUp);
    long before = stage.receivers().received();
    long began = System.nanoTime();
    source.send(size.warmUp / 2);
    stage.await(target, before + size.warmUp / 2);
    return (stage.receivers().received() - before) / ((System.nanoTime() - began) / 1e9);
  }

  private Row steady(
      String label, DeliveryStage stage, Target target, DeliverySource source, int perSecond) {
    var receivers = stage.receivers();
    long owed = receivers.received() + source.send(perSecond, size.lead);
    stage.await(target, owed);
    var _ = receivers.ages();
    long before = receivers.received();
    var meter = stage.meter(target);
    int sent = source.send(perSecond, size.measured);
    var used = meter.used();
    stage.await(target, before + sent);
    return Row.of(label, receivers, before, used, target.cpu().residentMiB());
  }

  DeliveryResult backlog() {
    var receivers = new Receivers(1, 0, KEYS);
    int deadPort = Target.freePort();
    try (var stage = DeliveryStage.open(arena, node.jvm(), receivers);
        var source = stage.source(KEYS, receivers::url);
        var dead = stage.source(DEAD_KEYS, key -> "http://127.0.0.1:" + deadPort + "/" + key)) {
      var rows = new ArrayList<Row>();
      var findings = new ArrayList<Finding>();
      try (var target = stage.start(product)) {
        source.send(size.warmUp);
        stage.await(target, size.warmUp);
        rows.add(steady("before", stage, target, source, size.backlogPerSecond));
        progress.printf("%s: %,d records for a dead receiver%n", BACKLOG, size.backlog);
        dead.send(size.backlog);
        rows.add(steady("with the backlog", stage, target, source, size.backlogPerSecond));
        double ratio = rows.getLast().p99() / rows.getFirst().p99();
        findings.add(Finding.atMost("p99 with / before", ratio, BACKLOG_GOAL));
        findings.add(Finding.atMost("live heap, MiB", target.liveHeapBytes() / 1048576.0, 512));
        target.kill();
      }
      findings.add(restart(stage, source));
      return new DeliveryResult(BACKLOG, true, rows, findings);
    }
  }

  /// From spawning to the first delivery, after `kill -9`.
  private Finding restart(DeliveryStage stage, DeliverySource source) {
    var receivers = stage.receivers();
    long before = receivers.received();
    source.send(KEYS);
    long began = System.nanoTime();
    try (var target = stage.startAgain(product)) {
      stage.await(target, before + 1);
      double seconds = (System.nanoTime() - began) / 1e9;
      stage.await(target, before + KEYS);
      progress.printf(
          Locale.ROOT,
          "%s: all %,d after %.1f s, %d repeated%n",
          BACKLOG,
          KEYS,
          (System.nanoTime() - began) / 1e9,
          receivers.repeated());
      return Finding.atMost("restart to first delivery, s", seconds, RESTART_SECONDS_GOAL);
    }
  }
}
