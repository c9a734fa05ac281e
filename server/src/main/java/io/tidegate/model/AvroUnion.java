package io.tidegate.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import tools.jackson.databind.JsonNode;

/// How the types of a union are told apart in JSON.
final class AvroUnion {
  private AvroUnion() {}

  /// True when a value of that type is written with the type's name. One type besides null needs
  /// none.
  static boolean isNamed(Schema union, Schema type) {
    return type.getType() != Schema.Type.NULL && besidesNull(union).size() > 1;
  }

  /// The name of the type, where the value gives it: `{"string":"x"}`. What could as well be a map,
  /// or an object with such a field, gives none.
  static Optional<String> named(Schema union, JsonNode value) {
    if (!value.isObject() || value.size() != 1) {
      return Optional.empty();
    }
    var name = value.propertyNames().iterator().next();
    var isPlain =
        besidesNull(union).stream()
            .anyMatch(type ->
                switch (type.getType()) {
                  case RECORD -> !type.getFullName().equals(name) && type.getField(name) != null;
                  case MAP -> besidesNull(union).size() == 1;
                  default -> false;
                });
    return isPlain || union.getIndexNamed(name) == null ? Optional.empty() : Optional.of(name);
  }

  /// The types that a value may have by its shape alone.
  static List<Integer> fitting(Schema union, JsonNode value) {
    var fitting = new ArrayList<Integer>();
    for (int i = 0; i < union.getTypes().size(); i++) {
      if (isShapedLike(union.getTypes().get(i), value)) {
        fitting.add(i);
      }
    }
    return fitting;
  }

  private static boolean isShapedLike(Schema type, JsonNode value) {
    return switch (type.getType()) {
      case NULL -> value.isNull();
      case BOOLEAN -> value.isBoolean();
      case INT, LONG -> value.isIntegralNumber();
      case FLOAT, DOUBLE -> value.isNumber();
      case STRING, BYTES, FIXED, ENUM -> value.isString();
      case RECORD, MAP -> value.isObject();
      case ARRAY -> value.isArray();
      case UNION -> false;
    };
  }

  static String names(Schema union) {
    return union.getTypes().stream().map(Schema::getFullName).collect(Collectors.joining(", "));
  }

  private static List<Schema> besidesNull(Schema union) {
    return union.getTypes().stream().filter(it -> it.getType() != Schema.Type.NULL).toList();
  }
}
