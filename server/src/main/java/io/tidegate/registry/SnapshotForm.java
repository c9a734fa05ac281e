package io.tidegate.registry;

import io.tidegate.base.Bytes;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/// Snapshots as they lie in their topic: JSON, keyed by id.
///
///     {"version":3,"command":"…","intake":"…","offset":17,"created":…,"changed":…,"value":{…}}
final class SnapshotForm<T> {
  private final Kind<T> kind;
  private final Map<String, String> intakes = new ConcurrentHashMap<>();

  SnapshotForm(Kind<T> kind) {
    this.kind = kind;
  }

  /// @param command name of the command that made it, so that its sender knows
  record Read<T>(Snapshot<T> snapshot, String command) {}

  Bytes write(Snapshot<T> snapshot, String command) {
    var written = Json.object();
    written.put("version", snapshot.version());
    if (!command.isEmpty()) {
      written.put("command", command);
    }
    written.put("intake", snapshot.intake());
    written.put("offset", snapshot.offset());
    written.put("created", snapshot.created().toEpochMilli());
    written.put("changed", snapshot.changed().toEpochMilli());
    written.set("value", kind.write(snapshot.value()));
    return Json.write(written);
  }

  /// Nothing when it cannot be read.
  Optional<Read<T>> read(String id, Bytes json) {
    try {
      var written = Json.read(json);
      var version = Json.number(written, "version", 0);
      if (version < 1 || !(written.get("value") instanceof ObjectNode value)) {
        return Optional.empty();
      }
      var created = Json.time(written, "created");
      var changed = Json.time(written, "changed");
      var snapshot =
          new Snapshot<>(
              id,
              version,
              created,
              changed.equals(created) ? created : changed,
              intake(Json.text(written, "intake")),
              Json.number(written, "offset", -1),
              kind.read(id, version, value));
      return Optional.of(new Read<>(snapshot, Json.text(written, "command")));
    } catch (IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  /// The same text for the same topic: there are few, and many snapshots.
  private String intake(String id) {
    return intakes.size() < 100 ? intakes.computeIfAbsent(id, same -> same) : id;
  }
}
