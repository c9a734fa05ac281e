package io.tidegate.inbox;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The short words of commands, as other gateways have them, in the words of `EndpointForm`:
///
///     auth_type    none, bearer, hmac-sha256, hmac-sha1; or the name of any preset
///     hmac_header, hmac_prefix    of the last two
final class EndpointWords {
  private static final Map<String, String> ALGORITHMS =
      Map.of("hmac-sha256", "sha256", "hmac-sha1", "sha1");

  private EndpointWords() {}

  /// What of a command changes the document; the rest is dropped, unknown fields included.
  static ObjectNode patch(ObjectNode command) {
    var patch = command.objectNode();
    for (var field : EndpointForm.FIELDS) {
      if (command.has(field)) {
        patch.set(field, command.get(field));
      }
    }
    var type = text(command, "auth_type");
    if (ALGORITHMS.containsKey(type)) {
      var verification = patch.putObject("verification").put("preset", "hmac");
      verification
          .putObject("parameters")
          .put("algorithm", ALGORITHMS.get(type))
          .put("header", otherwise(text(command, "hmac_header"), usualHeader(type)))
          .put(
              "prefix",
              command.has("hmac_prefix") ? text(command, "hmac_prefix") : usualPrefix(type));
    } else if (!type.isEmpty()) {
      patch.putObject("verification").put("preset", type);
    } else if (command.has("hmac_header") || command.has("hmac_prefix")) {
      var parameters = patch.withObject("verification").withObject("parameters");
      copy(command, "hmac_header", parameters, "header");
      copy(command, "hmac_prefix", parameters, "prefix");
    }
    return patch;
  }

  private static String usualHeader(String type) {
    return type.equals("hmac-sha1") ? "X-Hub-Signature" : "X-Hub-Signature-256";
  }

  private static String usualPrefix(String type) {
    return type.equals("hmac-sha1") ? "sha1=" : "sha256=";
  }

  private static String otherwise(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }

  private static void copy(ObjectNode from, String name, ObjectNode to, String as) {
    if (from.has(name)) {
      to.set(as, from.get(name));
    }
  }

  static String text(ObjectNode object, String name) {
    var value = object.get(name);
    return value != null && value.isString() ? value.asString() : "";
  }

  /// RFC 7396. A verification that names its preset takes the place of the whole one before it.
  static ObjectNode merged(ObjectNode document, ObjectNode patch) {
    if (patch.get("verification") instanceof ObjectNode verification
        && verification.has("preset")) {
      document.remove("verification");
    }
    merge(document, patch);
    return document;
  }

  private static void merge(ObjectNode into, ObjectNode patch) {
    for (var field : patch.properties()) {
      JsonNode value = field.getValue();
      if (value.isNull()) {
        into.remove(field.getKey());
      } else if (value instanceof ObjectNode inner) {
        var present = into.get(field.getKey());
        var target = present instanceof ObjectNode object ? object : into.putObject(field.getKey());
        merge(target, inner);
      } else {
        into.set(field.getKey(), value);
      }
    }
  }
}
