package io.tidegate.registry;

import io.tidegate.base.Time;
import io.tidegate.log.Acks;
import io.tidegate.log.Entry;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.RecordLog.Ownership;
import io.tidegate.log.RecordLog.TopicInfo;
import io.tidegate.log.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// The one who turns commands into snapshots while this instance owns the intake topic, and who
/// writes anew what was lost of them. `docs/decisions/one-writer-by-version.md` says what keeps it
/// right when two believe that they are the one.
///
///     assigned → read the snapshots up to their end → fold commands → wait until stored → commit
///     stored badly, or nobody knows → begin again at "assigned"
final class Registrar implements RecordLog.Owner, AutoCloseable {
  static final String GROUP = "tidegate.registrar";

  private static final Logger LOG = LoggerFactory.getLogger(Registrar.class);
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration REPAIR = Duration.ofSeconds(1);
  private static final int MOST_REPAIRS = 1000;

  private final RecordLog log;
  private final Time time;
  private final RegistryMeters meters;
  private final Map<String, Desk<?>> desks = new LinkedHashMap<>();
  private final CompletableFuture<Ownership> membership = new CompletableFuture<>();

  /// Held while one fold or one repair waits for the log, so that they take turns. Nobody else
  /// needs it.
  private final ReentrantLock turn = new ReentrantLock();

  private boolean ready;
  private String intake = "";
  private volatile boolean owner;
  private volatile boolean closed;
  private volatile Optional<String> trouble = Optional.empty();

  Registrar(RecordLog log, Time time, List<Registry<?>> registries, RegistryMeters meters) {
    this.log = log;
    this.time = time;
    this.meters = meters;
    registries.forEach(registry -> desks.put(registry.kind().name(), new Desk<>(registry)));
  }

  void start() {
    membership.complete(log.own(Intake.TOPIC, GROUP, this));
    scheduleRepair();
  }

  boolean isOwner() {
    return owner;
  }

  Optional<String> check() {
    return trouble;
  }

  @Override
  public void assigned(int partition, long next) {
    turn.lock();
    try {
      ready = false;
      owner = true;
    } finally {
      turn.unlock();
    }
    LOG.atInfo().addKeyValue("offset", next).log("this instance is the registrar now");
  }

  @Override
  public void revoked(int partition) {
    owner = false;
    trouble = Optional.empty();
    LOG.atInfo().log("this instance is no longer the registrar");
  }

  @Override
  public void health(Optional<String> said) {
    trouble = said;
  }

  @Override
  public void records(int partition, List<Stored> records, long next) {
    turn.lock();
    try {
      prepare();
      desks.values().forEach(Desk::tidy);
      var writes = new ArrayList<Entry>();
      records.forEach(record -> fold(record, writes));
      store(writes);
      membership.join().commit(partition, next);
      trouble = Optional.empty();
    } catch (LogUnavailable failed) {
      ready = false;
      trouble = Optional.of("commands cannot be applied: " + failed.getMessage());
      throw failed;
    } finally {
      turn.unlock();
    }
  }

  /// What others wrote before is known first, and nothing that may not be stored.
  private void prepare() {
    if (ready) {
      return;
    }
    intake = describe(Intake.TOPIC).id();
    for (var desk : desks.values()) {
      desk.forget();
      var registry = desk.registry();
      var end = describe(registry.kind().topic()).endOffsets().getOrDefault(0, 0L);
      if (!registry.awaitReplay(LIMIT) || !registry.awaitOffset(end, LIMIT)) {
        throw unavailable(registry.kind().topic() + " could not be read up to its end");
      }
    }
    ready = true;
  }

  private TopicInfo describe(String topic) {
    return log.describe(topic, LIMIT)
        .orElseThrow(() -> unavailable("there is no topic named " + topic));
  }

  private static LogUnavailable unavailable(String what) {
    return new LogUnavailable(what, new IllegalStateException(what));
  }

  private void fold(Stored record, List<Entry> writes) {
    ObjectNode body = null;
    var id = "";
    Desk.Ruling ruling;
    try {
      body = Intake.read(record);
      var desk = desk(body);
      if (desk.isEmpty()) {
        ruling = refuse("unknown_kind", "kind: one of " + desks.keySet() + " was expected");
      } else {
        id = desk.get().registry().kind().id(body);
        var command = Intake.command(body, desk.get().registry().kind(), record);
        ruling = desk.get().rule(command, intake, record.offset());
      }
    } catch (IllegalArgumentException invalid) {
      ruling = refuse("invalid", String.valueOf(invalid.getMessage()));
    }
    switch (ruling) {
      case Desk.Ruling.Write(var entry) -> {
        meters.accepted();
        writes.add(entry);
      }
      case Desk.Ruling.Refuse why -> report(record, body, id, why);
      case Desk.Ruling.AlreadyApplied() -> meters.repeated();
    }
  }

  private Optional<Desk<?>> desk(ObjectNode body) {
    var kind = Intake.kind(body);
    if (!kind.isEmpty()) {
      return Optional.ofNullable(desks.get(kind));
    }
    var action = Json.text(body, "action");
    return desks.values().stream()
        .filter(desk -> desk.registry().kind().knows(action))
        .<Desk<?>>map(desk -> desk)
        .findFirst()
        .or(() -> desks.values().stream().<Desk<?>>map(desk -> desk).findFirst());
  }

  private static Desk.Ruling.Refuse refuse(String code, String message) {
    return new Desk.Ruling.Refuse(code, List.of(new Judgement.Fault("", message)));
  }

  /// Told to whoever waits; a report that gets lost holds up nobody.
  private void report(
      Stored record,
      @org.jspecify.annotations.Nullable ObjectNode body,
      String id,
      Desk.Ruling.Refuse why) {
    meters.rejected(why.code());
    LOG.atInfo()
        .addKeyValue("offset", record.offset())
        .addKeyValue("id", Rejections.cut(id, 8))
        .addKeyValue("code", why.code())
        .log("a command was refused");
    log.append(Rejections.entry(record.offset(), body, id, why), Acks.IN_SYNC_REPLICAS, _ -> {});
  }

  private void store(List<Entry> entries) {
    var stored = new Batch(entries.size());
    entries.forEach(entry -> log.append(entry, Acks.IN_SYNC_REPLICAS, stored::add));
    stored
        .failure(LIMIT.plus(LIMIT))
        .ifPresent(cause -> {
          throw unavailable("snapshots are not stored: " + cause);
        });
  }

  private void scheduleRepair() {
    if (!closed) {
      time.after(REPAIR, () -> Thread.ofVirtual().name("repair").start(this::repair));
    }
  }

  /// Writes anew what counts where the topic's last record does not.
  private void repair() {
    try {
      var wanted = owner && desks.values().stream().anyMatch(Registrar::hasSuspects);
      if (wanted && turn.tryLock(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
        try {
          prepare();
          desks.values().forEach(desk -> store(meters.repaired(desk.repairs(MOST_REPAIRS))));
        } finally {
          turn.unlock();
        }
      }
    } catch (LogUnavailable failed) {
      LOG.atInfo().log("what was lost is not written anew yet: {}", failed.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      scheduleRepair();
    }
  }

  private static boolean hasSuspects(Desk<?> desk) {
    return !desk.registry().suspects().isEmpty();
  }

  @Override
  public void close() {
    closed = true;
    membership.join().close();
  }
}
