package io.tidegate.plan;

import io.tidegate.config.Fault;
import io.tidegate.config.GatewayConfig;
import io.tidegate.config.Model.Structured;
import io.tidegate.model.BadModel;
import io.tidegate.model.Model;
import io.tidegate.model.ModelSpec;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Models of the configuration, compiled; one that does not compile is a fault.
final class Models {
  private final Faults faults;
  private final Schemas schemas;

  Models(GatewayConfig config, Faults faults) {
    this.faults = faults;
    this.schemas = new Schemas(config, faults);
  }

  /// @param topicSubject where `strategy: topic` looks, if there is a topic
  Optional<Model> of(io.tidegate.config.Model model, Optional<String> topicSubject) {
    return spec(model, topicSubject)
        .flatMap(spec -> {
          try {
            return Optional.of(Model.of(spec));
          } catch (BadModel bad) {
            faults.add(Fault.of(model.place(), String.valueOf(bad.getMessage())));
            return Optional.empty();
          }
        });
  }

  private Optional<ModelSpec> spec(io.tidegate.config.Model model, Optional<String> topicSubject) {
    return switch (model) {
      case io.tidegate.config.Model.Raw _ -> Optional.of(new ModelSpec.Raw());
      case io.tidegate.config.Model.Flag _ -> Optional.of(new ModelSpec.Flag());
      case io.tidegate.config.Model.Text text ->
          Optional.of(
              new ModelSpec.Text(
                  length(text.minLength()), length(text.maxLength()), text.pattern()));
      case io.tidegate.config.Model.Numeric number -> Optional.of(number(number));
      case Structured structured -> structured(structured, topicSubject);
    };
  }

  private static OptionalInt length(Optional<Long> given) {
    return given.isPresent() ? OptionalInt.of(given.get().intValue()) : OptionalInt.empty();
  }

  private static ModelSpec number(io.tidegate.config.Model.Numeric number) {
    return new ModelSpec.Numeric(
        switch (number.type()) {
          case INT32 -> ModelSpec.NumberType.INT32;
          case INT64 -> ModelSpec.NumberType.INT64;
          case FLOAT -> ModelSpec.NumberType.FLOAT;
          case DOUBLE -> ModelSpec.NumberType.DOUBLE;
        },
        number.format() == io.tidegate.config.Model.Format.BINARY,
        number.range().map(Models::range).orElse(ModelSpec.Range.ALL),
        number.multiple().map(BigDecimal::new));
  }

  /// `[0,100)`
  private static ModelSpec.Range range(String text) {
    var ends = text.substring(1, text.length() - 1).split(",", -1);
    return new ModelSpec.Range(
        end(ends[0]), text.startsWith("["), end(ends[1]), text.endsWith("]"));
  }

  private static Optional<BigDecimal> end(String text) {
    try {
      return text.isBlank() ? Optional.empty() : Optional.of(new BigDecimal(text.strip()));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private Optional<ModelSpec> structured(Structured model, Optional<String> topicSubject) {
    if (model.lenient()) {
      faults.notYet(model.place(), "'validate: lenient'");
    }
    var texts = new ArrayList<String>();
    model
        .schemas()
        .forEach(choice -> schemas.text(model, choice, topicSubject).ifPresent(texts::add));
    if (texts.isEmpty() || texts.size() < model.schemas().size()) {
      if (model.schemas().isEmpty()) {
        faults.add(Fault.of(model.place(), "no schema is named", "a 'subject' of the catalog"));
      }
      return Optional.empty();
    }
    return switch (model.type()) {
      case JSON -> Optional.of(new ModelSpec.Json(texts));
      case AVRO -> one(model, texts).map(text -> new ModelSpec.Avro(text, model.jsonView()));
      case PROTOBUF ->
          one(model, texts)
              .map(text -> new ModelSpec.Protobuf(text, model.record(), model.jsonView()));
    };
  }

  private Optional<String> one(Structured model, List<String> texts) {
    if (texts.size() > 1) {
      faults.notYet(model.place(), "a choice of several schemas, other than JSON Schemas,");
    }
    return Optional.of(texts.getFirst());
  }
}
