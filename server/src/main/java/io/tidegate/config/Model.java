package io.tidegate.config;

import io.tidegate.config.Reference.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// What a value must look like: a plain type, or a schema out of a catalog.
public sealed interface Model {

  Place place();

  /// A text; lengths in characters.
  record Text(
      Place place, Optional<Long> minLength, Optional<Long> maxLength, Optional<String> pattern)
      implements Model {}

  /// A number, as text or binary. `range` and `multiple` as the file writes them.
  record Numeric(
      Place place,
      NumberType type,
      Format format,
      Optional<String> range,
      Optional<String> multiple)
      implements Model {}

  /// `true` or `false`.
  record Flag(Place place) implements Model {}

  /// Anything.
  record Raw(Place place) implements Model {}

  /// A value with a schema. `jsonView`: JSON outside, the format inside. `record` is the message's
  /// name in protobuf.
  record Structured(
      Place place,
      StructuredType type,
      Reference catalog,
      List<SchemaChoice> schemas,
      boolean jsonView,
      Optional<String> record,
      boolean lenient)
      implements Model {}

  /// Of a number.
  enum NumberType {
    INT32,
    INT64,
    FLOAT,
    DOUBLE
  }

  /// Of a number on the wire.
  enum Format {
    TEXT,
    BINARY
  }

  /// Of a schema.
  enum StructuredType {
    JSON,
    AVRO,
    PROTOBUF
  }

  /// How a schema is found in its catalog.
  sealed interface SchemaChoice {
    /// By number.
    record ById(long id) implements SchemaChoice {}

    /// `topic`: by the topic's name. `encoded`: by what stands before the value.
    record ByStrategy(String strategy, String version) implements SchemaChoice {}

    /// By subject and version.
    record BySubject(String subject, String version) implements SchemaChoice {}
  }

  /// A catalog and what is looked up there.
  record Choices(Reference catalog, List<SchemaChoice> schemas) {}

  /// A regular expression.
  Form<String> REGEX =
      Form.of(
          "a regular expression",
          value -> {
            var text = value.text();
            try {
              Pattern.compile(text);
            } catch (PatternSyntaxException broken) {
              value.fault("found " + value.described(), "a regular expression");
            }
            return text;
          });

  /// An interval: `[0,100)`, with either end open.
  Pattern RANGE = Pattern.compile("[(\\[]\\s*-?[\\d.]*\\s*,\\s*-?[\\d.]*\\s*[)\\]]");

  /// A number.
  Pattern AMOUNT = Pattern.compile("\\d+(\\.\\d+)?");

  /// The word under `model`, and how the rest is read.
  Form<Optional<Function<Mapping, Model>>> TYPE =
      Form.choice(
          Map.ofEntries(
              Map.entry("string", Model::text),
              Map.entry("int32", it -> number(NumberType.INT32, it)),
              Map.entry("int64", it -> number(NumberType.INT64, it)),
              Map.entry("float", it -> number(NumberType.FLOAT, it)),
              Map.entry("double", it -> number(NumberType.DOUBLE, it)),
              Map.entry("boolean", it -> new Flag(it.place())),
              Map.entry("bytes", it -> new Raw(it.place())),
              Map.entry("json", it -> structured(StructuredType.JSON, it)),
              Map.entry("avro", it -> structured(StructuredType.AVRO, it)),
              Map.entry("protobuf", it -> structured(StructuredType.PROTOBUF, it))));

  /// A mapping with the key `model`, or just the word.
  Form<Model> FORM =
      Form.of(
          "a model",
          value ->
              value.isMapping()
                  ? Form.mapping(it -> read(it.required("model", TYPE), it)).read(value)
                  : read(TYPE.read(value), Mapping.empty(value)));

  private static Model read(Optional<Function<Mapping, Model>> type, Mapping model) {
    if (type.isEmpty()) {
      model.giveUp();
      return new Raw(model.place());
    }
    return type.get().apply(model);
  }

  private static Model text(Mapping model) {
    model.optional("encoding", Form.word("utf_8"));
    return new Text(
        model.place(),
        model.optional("minLength", Form.number(0, Integer.MAX_VALUE)),
        model.optional("maxLength", Form.number(0, Integer.MAX_VALUE)),
        model.optional("pattern", REGEX));
  }

  private static Model number(NumberType type, Mapping model) {
    return new Numeric(
        model.place(),
        type,
        model.or("format", Form.word(Format.class, '_'), Format.TEXT),
        model.optional("range", Form.text(RANGE, "a range such as (0,100] or [1,)")),
        model.optional("multiple", Form.text(AMOUNT, "a number")));
  }

  private static Model structured(StructuredType type, Mapping model) {
    var isJson = type == StructuredType.JSON;
    var catalog =
        model
            .required("catalog", Form.single(Target.CATALOG, Model::choices))
            .orElseGet(() -> new Choices(nowhere(model), List.of()));
    return new Structured(
        model.place(),
        type,
        catalog.catalog,
        catalog.schemas,
        !isJson && model.optional("view", Form.word("json")).isPresent(),
        type == StructuredType.PROTOBUF ? model.optional("record", Form.TEXT) : Optional.empty(),
        model.or("validate", Form.word("strict", "lenient"), "strict").equals("lenient"));
  }

  private static Reference nowhere(Mapping model) {
    return new Reference(model.place(), Target.CATALOG, "", "");
  }

  private static Choices choices(Reference catalog, Value value) {
    return new Choices(catalog, Form.listOf(Form.mapping(Model::choice)).read(value));
  }

  private static SchemaChoice choice(Mapping choice) {
    if (choice.has("id")) {
      return new SchemaChoice.ById(choice.required("id", Form.number(0, Integer.MAX_VALUE)));
    }
    var version = choice.or("version", Form.TEXT, "latest");
    if (choice.has("strategy")) {
      var strategy = choice.required("strategy", Form.word("topic", "encoded"));
      return new SchemaChoice.ByStrategy(strategy, version);
    }
    return new SchemaChoice.BySubject(choice.required("subject", Form.TEXT), version);
  }
}
