package io.tidegate.registry;

import io.tidegate.base.Bytes;
import java.time.Instant;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The JSON of commands and snapshots: bounded in depth and length, since anyone may have written
/// it.
final class Json {
  private static final JsonMapper MAPPER =
      new JsonMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(16)
                      .maxDocumentLength(1 << 20)
                      .maxStringLength(1 << 18)
                      .maxNameLength(256)
                      .maxNumberLength(32)
                      .build())
              .build());

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /// @throws IllegalArgumentException when it is not a JSON object within bounds
  static ObjectNode read(Bytes json) {
    try {
      if (MAPPER.readTree(json.array()) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException unreadable) {
      // said below: what it says may quote the text
    }
    throw new IllegalArgumentException("a JSON object was expected");
  }

  static Bytes write(ObjectNode object) {
    return Bytes.wrap(MAPPER.writeValueAsBytes(object));
  }

  static String text(ObjectNode object, String name) {
    var value = object.get(name);
    return value != null && value.isString() ? value.asString() : "";
  }

  static long number(ObjectNode object, String name, long otherwise) {
    var value = object.get(name);
    return value != null && value.isIntegralNumber() && value.canConvertToLong()
        ? value.asLong()
        : otherwise;
  }

  static Instant time(ObjectNode object, String name) {
    return Instant.ofEpochMilli(number(object, name, 0));
  }
}
