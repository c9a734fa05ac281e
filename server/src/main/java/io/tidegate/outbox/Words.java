package io.tidegate.outbox;

import io.tidegate.registry.Judgement.Fault;
import io.tidegate.registry.SealingKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Objects of texts in JSON, bounded, with every fault written down.
final class Words {
  private static final int MOST = 64;
  private static final int LONGEST_NAME = 128;
  static final int LONGEST_WORD = 8192;

  /// What is sealed is longer than it was.
  private static final int LONGEST_SEALED = 4 * LONGEST_WORD;

  private Words() {}

  /// Nothing for what is missing or null. Numbers and truth values are taken as they are written.
  static Optional<Map<String, String>> read(
      @Nullable JsonNode node, String pointer, List<Fault> faults) {
    if (node == null || node.isNull()) {
      return Optional.empty();
    }
    if (!(node instanceof ObjectNode object) || object.size() > MOST) {
      faults.add(new Fault(pointer, "an object of at most " + MOST + " texts was expected"));
      return Optional.empty();
    }
    var words = new LinkedHashMap<String, String>();
    for (var field : object.properties()) {
      var value = field.getValue();
      if (field.getKey().isEmpty()
          || field.getKey().length() > LONGEST_NAME
          || !value.isValueNode()
          || isTooLong(value.asString(""))) {
        faults.add(
            new Fault(
                pointer + "/" + field.getKey(),
                "a text of at most " + LONGEST_WORD + " characters was expected"));
      } else if (!value.isNull()) {
        words.put(field.getKey(), value.asString(""));
      }
    }
    return Optional.of(words);
  }

  private static boolean isTooLong(String word) {
    return word.length() > (SealingKey.isSealed(word) ? LONGEST_SEALED : LONGEST_WORD);
  }

  static ObjectNode write(Map<String, String> words) {
    var object = JsonNodeFactory.instance.objectNode();
    words.forEach(object::put);
    return object;
  }

  /// The object with a patch applied (RFC 7396): null takes a member away.
  static JsonNode merged(@Nullable JsonNode present, JsonNode patch) {
    if (!(patch instanceof ObjectNode changes)) {
      return patch;
    }
    var result =
        present instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    for (var change : changes.properties()) {
      if (change.getValue().isNull()) {
        result.remove(change.getKey());
      } else {
        result.set(change.getKey(), merged(result.get(change.getKey()), change.getValue()));
      }
    }
    return result;
  }

  static String text(@Nullable JsonNode node) {
    return node != null && node.isString() ? node.asString() : "";
  }
}
