package io.tidegate.model;

import com.google.protobuf.Descriptors;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.tidegate.base.Bytes;
import java.util.List;

/// Protobuf's binary encoding of one message, without any header; outside, if wanted, in the JSON
/// form that Protobuf defines. Fields that the schema does not know are refused in both.
final class ProtobufCodec implements Codec {
  private final Descriptors.Descriptor type;
  private final boolean isJsonOutside;
  private final JsonFormat.Parser parser;
  private final JsonFormat.Printer printer;

  private ProtobufCodec(Descriptors.Descriptor type, boolean isJsonOutside) {
    this.type = type;
    this.isJsonOutside = isJsonOutside;
    this.parser = JsonFormat.parser();
    this.printer =
        JsonFormat.printer()
            .omittingInsignificantWhitespace()
            .preservingProtoFieldNames()
            .alwaysPrintFieldsWithNoPresence();
  }

  static ProtobufCodec of(ModelSpec.Protobuf spec) {
    var file = ProtoText.compile(spec.schema());
    return new ProtobufCodec(ProtoText.message(file, spec.record()), spec.isJsonOutside());
  }

  @Override
  public Verdict toStored(Bytes value) {
    return isJsonOutside ? fromJson(value) : check(value);
  }

  private Verdict fromJson(Bytes value) {
    var node = JsonText.read(value);
    if (node == null) {
      return JsonText.BROKEN;
    }
    if (!node.isObject()) {
      return new Verdict.Misfit("it is not an object");
    }
    var message = DynamicMessage.newBuilder(type);
    try {
      parser.merge(value.utf8(), message);
    } catch (InvalidProtocolBufferException unfit) {
      return new Verdict.Misfit(ProtoWhy.of(unfit));
    }
    return message.isInitialized()
        ? new Verdict.Fits(Bytes.wrap(message.build().toByteArray()))
        : new Verdict.Misfit("it lacks a field that is required: " + missing(message));
  }

  @Override
  public Verdict fromStored(Bytes value) {
    if (!isJsonOutside) {
      return check(value);
    }
    try {
      var message = DynamicMessage.parseFrom(type, value.array());
      return isKnown(message)
          ? new Verdict.Fits(Bytes.utf8(printer.print(message)))
          : new Verdict.Misfit("it has a field that the schema does not know");
    } catch (InvalidProtocolBufferException unfit) {
      return new Verdict.Misfit("it is not a message of the type " + type.getName());
    }
  }

  private Verdict check(Bytes value) {
    try {
      return isKnown(DynamicMessage.parseFrom(type, value.array()))
          ? new Verdict.Fits(value)
          : new Verdict.Misfit("it has a field that the schema does not know");
    } catch (InvalidProtocolBufferException unfit) {
      return new Verdict.Misfit("it is not a message of the type " + type.getName());
    }
  }

  private static String missing(DynamicMessage.Builder message) {
    return String.join(", ", message.findInitializationErrors());
  }

  /// Whatever it holds, and holds within, has a name in the schema.
  private static boolean isKnown(Message message) {
    if (!message.getUnknownFields().asMap().isEmpty()) {
      return false;
    }
    for (var value : message.getAllFields().values()) {
      if (value instanceof Message inner && !isKnown(inner)) {
        return false;
      }
      if (value instanceof List<?> list
          && list.stream().anyMatch(it -> it instanceof Message inner && !isKnown(inner))) {
        return false;
      }
    }
    return true;
  }
}
