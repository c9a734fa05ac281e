package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.guard.SignatureCheck;
import io.tidegate.guard.SignatureMaker;
import io.tidegate.registry.SealingKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A signing rule as it lies in a topic: JSON, bounded in depth and length, since anyone may have
/// written it.
///
///     {"preset": "standard-webhooks", "parameters": {}, "secrets": ["sealed:v1:…", {"id": "old", "sealed": "sealed:v1:…"}]}
///
/// `preset` is `standard-webhooks` when it is left out; secrets are as `tidegate seal` prints them,
/// the newest first, and all of them sign.
final class SigningRuleText {
  private static final Set<String> NAMES = Set.of("preset", "parameters", "secrets");

  private static final JsonMapper MAPPER =
      new JsonMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(4)
                      .maxDocumentLength(1 << 17)
                      .maxStringLength(1 << 14)
                      .maxNameLength(64)
                      .maxNumberLength(32)
                      .build())
              .build());

  private SigningRuleText() {}

  /// @throws IllegalArgumentException with a sentence that holds no part of a secret
  static SignatureMaker read(Bytes json, SealingKey key) {
    var rule = object(json);
    for (var name : rule.propertyNames()) {
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException("only preset, parameters and secrets are known");
      }
    }
    var preset = rule.has("preset") ? text(rule, "preset") : "standard-webhooks";
    return SigningRules.maker(preset, parameters(rule.get("parameters")), secrets(rule, key));
  }

  private static ObjectNode object(Bytes json) {
    try {
      if (MAPPER.readTree(json.array()) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException unreadable) {
      // said below: what it says may quote the text
    }
    throw new IllegalArgumentException("a JSON object was expected");
  }

  private static String text(JsonNode object, String name) {
    var value = object.get(name);
    if (value == null || !value.isString()) {
      throw new IllegalArgumentException(name + " must be a text");
    }
    return value.asString();
  }

  private static Map<String, String> parameters(JsonNode given) {
    var parameters = new LinkedHashMap<String, String>();
    if (given instanceof ObjectNode object) {
      for (var each : object.properties()) {
        if (!each.getValue().isValueNode()) {
          throw new IllegalArgumentException("parameters must be texts or numbers");
        }
        parameters.put(each.getKey(), each.getValue().asString());
      }
    } else if (given != null) {
      throw new IllegalArgumentException("parameters must be an object");
    }
    return parameters;
  }

  private static List<Secret> secrets(ObjectNode rule, SealingKey key) {
    var given = rule.get("secrets");
    if (given == null || !given.isArray() || given.isEmpty()) {
      throw new IllegalArgumentException("secrets must be a list with a sealed secret in it");
    }
    if (given.size() > SignatureCheck.MOST_SECRETS) {
      throw new IllegalArgumentException("there are more than ten secrets");
    }
    var secrets = new ArrayList<Secret>();
    for (var each : given) {
      var sealed = each.isString() ? each.asString() : text(each, "sealed");
      try {
        secrets.add(key.open(sealed));
      } catch (SealingKey.Unopened unopened) {
        throw new IllegalArgumentException(
            "secret " + (secrets.size() + 1) + " cannot be opened: " + unopened.why(), unopened);
      }
    }
    return secrets;
  }
}
