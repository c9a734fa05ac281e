package io.tidegate.model;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What a model is compiled from, with nothing left to look up.
public sealed interface ModelSpec {

  /// Anything.
  record Raw() implements ModelSpec {
    @Override
    public String toString() {
      return "bytes";
    }
  }

  /// UTF-8.
  ///
  /// @param least in characters, as `most`
  /// @param pattern of the whole
  record Text(OptionalInt least, OptionalInt most, Optional<String> pattern) implements ModelSpec {
    @Override
    public String toString() {
      return "string";
    }
  }

  /// `true` or `false`.
  record Flag() implements ModelSpec {
    @Override
    public String toString() {
      return "boolean";
    }
  }

  /// @param isBinary big-endian, else digits
  record Numeric(NumberType type, boolean isBinary, Range range, Optional<BigDecimal> multiple)
      implements ModelSpec {
    @Override
    public String toString() {
      return type.name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// Of a number.
  enum NumberType {
    INT32,
    INT64,
    FLOAT,
    DOUBLE
  }

  /// An interval with both ends in it or not, either of them absent.
  record Range(
      Optional<BigDecimal> least, boolean leastIsIn, Optional<BigDecimal> most, boolean mostIsIn) {
    public static final Range ALL = new Range(Optional.empty(), true, Optional.empty(), true);

    boolean holds(BigDecimal value) {
      return (least.isEmpty() || value.compareTo(least.get()) >= (leastIsIn ? 0 : 1))
          && (most.isEmpty() || value.compareTo(most.get()) <= (mostIsIn ? 0 : -1));
    }
  }

  /// Any of these JSON Schemas.
  record Json(List<String> schemas) implements ModelSpec {
    public Json {
      schemas = List.copyOf(schemas);
    }

    @Override
    public String toString() {
      return "json";
    }
  }

  /// @param isJsonOutside JSON is seen outside, Avro's binary encoding stored
  record Avro(String schema, boolean isJsonOutside) implements ModelSpec {
    @Override
    public String toString() {
      return isJsonOutside ? "avro as json" : "avro";
    }
  }

  /// @param record the name of the message; absent when there is but one
  /// @param isJsonOutside JSON is seen outside, Protobuf's binary encoding stored
  record Protobuf(String schema, Optional<String> record, boolean isJsonOutside)
      implements ModelSpec {
    @Override
    public String toString() {
      return isJsonOutside ? "protobuf as json" : "protobuf";
    }
  }
}
