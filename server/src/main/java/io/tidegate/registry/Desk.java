package io.tidegate.registry;

import io.tidegate.base.Bytes;
import io.tidegate.log.Entry;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where the registrar works on one kind: the registry as read, and ahead of it what was written
/// and has not been read back yet. Used by one thread at a time.
final class Desk<T> {
  /// Well below what topics take, so that a snapshot is refused here and never by the log.
  private static final int LARGEST = 900_000;

  private final Registry<T> registry;
  private final Map<String, Snapshot<T>> ahead = new HashMap<>();

  Desk(Registry<T> registry) {
    this.registry = registry;
  }

  Registry<T> registry() {
    return registry;
  }

  /// What to do about a command.
  sealed interface Ruling {
    record Write(Entry entry) implements Ruling {}

    record Refuse(String code, List<Judgement.Fault> faults) implements Ruling {}

    record AlreadyApplied() implements Ruling {}
  }

  Ruling rule(Command command, String intake, long offset) {
    var present = present(command.id());
    if (present.isPresent() && present.get().includes(intake, offset)) {
      return new Ruling.AlreadyApplied();
    }
    var version = present.map(Snapshot::version).orElse(0L);
    if (command.expected().isPresent() && command.expected().getAsLong() != version) {
      var message = "it is at version " + version + ", not " + command.expected().getAsLong();
      return new Ruling.Refuse("version_conflict", List.of(new Judgement.Fault("", message)));
    }
    return switch (registry.kind().judge(present.map(Snapshot::value), command, version + 1)) {
      case Judgement.Rejected<T>(var code, var faults) -> new Ruling.Refuse(code, faults);
      case Judgement.Accepted<T>(var value) -> {
        Instant created = present.map(Snapshot::created).orElse(command.at());
        yield write(
            new Snapshot<>(command.id(), version + 1, created, command.at(), intake, offset, value),
            command.name());
      }
    };
  }

  private Ruling write(Snapshot<T> snapshot, String command) {
    var entry = entry(snapshot, command);
    var value = entry.value();
    if (value != null && value.size() > LARGEST) {
      var message = "it would take " + value.size() + " bytes, more than " + LARGEST;
      return new Ruling.Refuse("too_large", List.of(new Judgement.Fault("", message)));
    }
    ahead.put(snapshot.id(), snapshot);
    return new Ruling.Write(entry);
  }

  private Entry entry(Snapshot<T> snapshot, String command) {
    return new Entry(
        registry.kind().topic(),
        Bytes.utf8(snapshot.id()),
        List.of(),
        registry.form().write(snapshot, command));
  }

  private Optional<Snapshot<T>> present(String id) {
    var read = registry.find(id);
    var written = ahead.get(id);
    if (written == null || (read.isPresent() && !written.isNewerThan(read.get()))) {
      ahead.remove(id);
      return read;
    }
    return Optional.of(written);
  }

  /// Drops what has been read back.
  void tidy() {
    ahead
        .values()
        .removeIf(written ->
            registry.find(written.id()).map(read -> !written.isNewerThan(read)).orElse(false));
  }

  /// Drops everything that is not known to be stored.
  void forget() {
    ahead.clear();
  }

  /// Entries that make the last record of an id the one that counts.
  List<Entry> repairs(int most) {
    return registry.suspects().stream()
        .limit(most)
        .flatMap(id -> present(id).stream())
        .map(snapshot -> entry(snapshot, ""))
        .toList();
  }
}
