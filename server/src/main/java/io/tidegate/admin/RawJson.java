package io.tidegate.admin;

import io.tidegate.base.Bytes;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.util.RawValue;

/// JSON that is shown as it was written by others, once it is known to be JSON.
final class RawJson {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(1000)
                  .maxStringLength(4 << 20)
                  .maxNameLength(1 << 20)
                  .maxNumberLength(1 << 20)
                  .build())
          .build();

  private RawJson() {}

  /// Nothing when it is no JSON, or more than that.
  static Optional<RawValue> of(Bytes json) {
    try (var parser = JSON.createParser(ObjectReadContext.empty(), json.array())) {
      if (parser.nextToken() == null) {
        return Optional.empty();
      }
      parser.skipChildren();
      return parser.nextToken() == null ? Optional.of(new RawValue(json.utf8())) : Optional.empty();
    } catch (JacksonException malformed) {
      return Optional.empty();
    }
  }
}
