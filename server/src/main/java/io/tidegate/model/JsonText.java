package io.tidegate.model;

import io.tidegate.base.Bytes;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON, read strictly: one value and nothing behind it, no name twice in an object, bounded depth.
/// Two readers of a value must not be able to see different things in it.
final class JsonText {
  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(Model.DEEPEST)
                          .maxNumberLength(1000)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  static final Verdict.Misfit BROKEN =
      new Verdict.Misfit("it is not a JSON document, or too deep, or names a member twice");

  private JsonText() {}

  /// Null when it is not.
  static @Nullable JsonNode read(Bytes value) {
    if (PlainCodecs.text(value) == null) {
      return null;
    }
    try {
      var node = MAPPER.readTree(value.array());
      return node.isMissingNode() ? null : node;
    } catch (JacksonException malformed) {
      return null;
    }
  }
}
