package io.tidegate.registry;

import io.tidegate.base.Bytes;
import io.tidegate.log.Stored;
import java.util.OptionalLong;
import tools.jackson.databind.node.ObjectNode;

/// Commands as they lie in the intake topic: JSON objects. Unknown fields are no fault.
///
///     {"kind":"endpoint","action":"revoke","endpoint_id":"…","command":"…","expected_version":3}
///     {"action":"config","max_body_size_bytes":65536}
final class Intake {
  static final String TOPIC = "tidegate.commands";

  private static final int LONGEST_NAME = 64;

  private Intake() {}

  /// @throws IllegalArgumentException with what was expected
  static ObjectNode read(Stored record) {
    var value = record.value();
    if (value == null) {
      throw new IllegalArgumentException("a JSON object was expected, not an empty record");
    }
    return Json.read(value);
  }

  /// @throws IllegalArgumentException with what was expected
  static Command command(ObjectNode body, Kind<?> kind, Stored record) {
    var action = Json.text(body, "action");
    var id = kind.id(body);
    if (action.isEmpty()) {
      throw new IllegalArgumentException("action: a word was expected");
    }
    if (id.isEmpty()) {
      throw new IllegalArgumentException(kind.idField() + ": a text was expected");
    }
    return new Command(action, id, name(body), expected(body), record.time(), body);
  }

  static String kind(ObjectNode body) {
    return Json.text(body, "kind");
  }

  static String name(ObjectNode body) {
    var name = Json.text(body, "command");
    return name.length() > LONGEST_NAME ? "" : name;
  }

  private static OptionalLong expected(ObjectNode body) {
    if (!body.has("expected_version")) {
      return OptionalLong.empty();
    }
    var version = Json.number(body, "expected_version", -1);
    if (version < 0) {
      throw new IllegalArgumentException("expected_version: a whole number was expected");
    }
    return OptionalLong.of(version);
  }

  static Bytes write(ObjectNode body, String name) {
    return Json.write(body.deepCopy().put("command", name));
  }
}
