package io.tidegate.registry;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.base.Time;
import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Entry;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.TopicSpec;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Everything that is kept in topics and changed by commands, on one cluster. Replays, follows, and
/// takes part in the work of the registrar; submits commands and waits for what becomes of them.
///
/// `add` every kind, then `start`, then any thread. Only `awaitReplay` and `submit` wait.
public final class Registries implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  private static final String MONTH = "2592000000";
  private static final String WEEK = "604800000";
  private static final String HOUR = "3600000";

  private final RecordLog log;
  private final Time time;
  private final RegistryMeters meters;
  private final List<Registry<?>> registries = new ArrayList<>();
  private final Map<String, CompletableFuture<Outcome>> waiting = new ConcurrentHashMap<>();
  private @Nullable Registrar registrar;
  private RecordLog.@Nullable Tail rejections;

  public Registries(RecordLog log, Time time, MeterRegistry meters) {
    this.log = log;
    this.time = time;
    this.meters = new RegistryMeters(meters);
  }

  /// The topics that registries of these kinds live on. Their partition counts are for ever.
  public static List<TopicSpec> topics(List<Kind<?>> kinds) {
    return Stream.concat(
            Stream.of(
                new TopicSpec(Intake.TOPIC, 1, false, Map.of("retention.ms", MONTH)),
                new TopicSpec(Rejections.TOPIC, 1, false, Map.of("retention.ms", WEEK))),
            kinds.stream()
                .map(kind ->
                    new TopicSpec(kind.topic(), 1, true, Map.of("min.compaction.lag.ms", HOUR))))
        .toList();
  }

  public <T> Registry<T> add(Kind<T> kind) {
    return add(kind, (_, _) -> {});
  }

  /// @param watcher told of every change
  public <T> Registry<T> add(Kind<T> kind, Registry.Watcher<T> watcher) {
    var registry =
        new Registry<>(
            kind,
            time,
            (command, version) -> settle(command, new Outcome.Accepted(version)),
            watcher);
    registries.add(registry);
    meters.watch(registry);
    return registry;
  }

  /// Begins to follow, and offers to be the registrar.
  public void start() {
    registries.forEach(registry -> registry.follow(log));
    rejections =
        log.follow(Rejections.TOPIC, Map.of(), RecordLog.From.LATEST, new Rejections(this::settle));
    registrar = new Registrar(log, time, registries, meters);
    registrar.start();
  }

  /// False when not all was read within `limit`; reading goes on.
  public boolean awaitReplay(Duration limit) {
    var deadline = System.nanoTime() + limit.toNanos();
    return registries.stream()
        .allMatch(registry ->
            registry.awaitReplay(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
  }

  /// Has a command applied and waits until this instance knows the result. For a thread that may
  /// wait.
  ///
  /// @param command without the field `command`, which is set here
  public Outcome submit(ObjectNode command, Duration limit) {
    var name = name();
    var outcome = new CompletableFuture<Outcome>();
    waiting.put(name, outcome);
    try {
      var entry = new Entry(Intake.TOPIC, null, List.of(), Intake.write(command, name));
      log.append(entry, Acks.IN_SYNC_REPLICAS, appended -> refused(outcome, appended));
      return outcome.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      return new Outcome.Unknown("no outcome within " + limit.toSeconds() + " s");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Outcome.Unknown("interrupted");
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    } finally {
      waiting.remove(name);
    }
  }

  private static void refused(CompletableFuture<Outcome> outcome, Appended appended) {
    switch (appended) {
      case Appended.At _ -> {
        // what becomes of it will be read
      }
      case Appended.Refused(var _, var cause) -> outcome.complete(new Outcome.Unavailable(cause));
      case Appended.Unavailable(var _, var cause) ->
          outcome.complete(new Outcome.Unavailable(cause));
      case Appended.Unknown(var cause) -> outcome.complete(new Outcome.Unknown(cause));
    }
  }

  private void settle(String command, Outcome outcome) {
    var waits = waiting.get(command);
    if (waits != null) {
      waits.complete(outcome);
    }
  }

  private static String name() {
    var bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /// Who asked for what.
  public History history() {
    return new History(log);
  }

  /// True while this instance applies the commands of all.
  public boolean isRegistrar() {
    var present = registrar;
    return present != null && present.isOwner();
  }

  /// For how long changes may not have been heard of.
  public Duration staleness() {
    return registries.stream()
        .map(Registry::staleness)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /// Empty when all is well, else what is wrong.
  public Optional<String> check() {
    var present = registrar;
    return registries.stream()
        .flatMap(registry -> registry.check().stream())
        .findFirst()
        .or(() -> present == null ? Optional.of("not started") : present.check());
  }

  @Override
  public void close() {
    if (registrar != null) {
      registrar.close();
    }
    if (rejections != null) {
      rejections.close();
    }
    registries.forEach(Registry::close);
    meters.close();
  }
}
