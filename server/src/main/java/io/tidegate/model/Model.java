package io.tidegate.model;

import io.tidegate.base.Bytes;

/// What a value must look like, compiled. Two are equal when they were compiled from equal specs.
///
/// Any thread. Nothing blocks, but a large value takes its time: some 10 ms for a megabyte of JSON.
public final class Model {
  /// Deeper nesting is refused, whatever a schema says.
  static final int DEEPEST = 100;

  private final ModelSpec spec;
  private final Codec codec;

  private Model(ModelSpec spec, Codec codec) {
    this.spec = spec;
    this.codec = codec;
  }

  /// @throws BadModel when the schema does not compile
  public static Model of(ModelSpec spec) {
    return new Model(
        spec,
        switch (spec) {
          case ModelSpec.Raw _ -> Verdict.Fits::new;
          case ModelSpec.Text text -> new TextCodec(text);
          case ModelSpec.Flag _ -> PlainCodecs.FLAG;
          case ModelSpec.Numeric number -> new NumberCodec(number);
          case ModelSpec.Json(var schemas) -> JsonCodec.of(schemas);
          case ModelSpec.Avro(var schema, var isJsonOutside) -> AvroCodec.of(schema, isJsonOutside);
          case ModelSpec.Protobuf protobuf -> ProtobufCodec.of(protobuf);
        });
  }

  public ModelSpec spec() {
    return spec;
  }

  /// True when a value looks different outside than it does in a topic.
  public boolean converts() {
    return switch (spec) {
      case ModelSpec.Avro avro -> avro.isJsonOutside();
      case ModelSpec.Protobuf protobuf -> protobuf.isJsonOutside();
      case ModelSpec.Raw _,
          ModelSpec.Text _,
          ModelSpec.Flag _,
          ModelSpec.Numeric _,
          ModelSpec.Json _ ->
          false;
    };
  }

  /// Checks a value that comes from outside, and makes of it what is to be stored.
  public Verdict toStored(Bytes value) {
    return guarded(() -> codec.toStored(value));
  }

  /// Checks a value that was stored, and makes of it what is shown outside.
  public Verdict fromStored(Bytes value) {
    return guarded(() -> codec.fromStored(value));
  }

  private interface Step {
    Verdict take();
  }

  /// Schemas may recurse without end, and a value may make them.
  private static Verdict guarded(Step step) {
    try {
      return step.take();
    } catch (StackOverflowError tooDeep) {
      return new Verdict.Misfit("it is nested too deeply");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Model that && spec.equals(that.spec);
  }

  @Override
  public int hashCode() {
    return spec.hashCode();
  }

  /// Its kind: `avro`, `int32`.
  @Override
  public String toString() {
    return spec.toString();
  }
}
