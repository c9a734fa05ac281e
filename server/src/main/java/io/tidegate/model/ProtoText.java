package io.tidegate.model;

import com.google.protobuf.AnyProto;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.Descriptors;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.WrappersProto;
import com.squareup.wire.schema.Location;
import com.squareup.wire.schema.internal.parser.EnumElement;
import com.squareup.wire.schema.internal.parser.MessageElement;
import com.squareup.wire.schema.internal.parser.ProtoFileElement;
import com.squareup.wire.schema.internal.parser.ProtoParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The text of a `.proto` file, compiled. It may import what comes with Protobuf, and nothing else.
final class ProtoText {
  private static final List<Descriptors.FileDescriptor> WELL_KNOWN =
      List.of(
          AnyProto.getDescriptor(),
          DurationProto.getDescriptor(),
          EmptyProto.getDescriptor(),
          FieldMaskProto.getDescriptor(),
          StructProto.getDescriptor(),
          TimestampProto.getDescriptor(),
          WrappersProto.getDescriptor());

  private ProtoText() {}

  static Descriptors.FileDescriptor compile(String text) {
    ProtoFileElement file;
    try {
      file = ProtoParser.Companion.parse(Location.get("schema.proto"), text);
    } catch (IllegalStateException | IllegalArgumentException malformed) {
      throw BadModel.because("the schema does not compile", malformed);
    }
    try {
      return Descriptors.FileDescriptor.buildFrom(
          proto(file), imports(file).toArray(Descriptors.FileDescriptor[]::new));
    } catch (Descriptors.DescriptorValidationException refused) {
      throw BadModel.because("the schema does not compile", refused);
    }
  }

  /// The message of that name, with or without the package; the only one when no name is given.
  static Descriptors.Descriptor message(Descriptors.FileDescriptor file, Optional<String> name) {
    if (name.isEmpty()) {
      if (file.getMessageTypes().size() != 1) {
        throw new BadModel(
            "the schema has " + file.getMessageTypes().size() + " messages; name one as 'record'");
      }
      return file.getMessageTypes().getFirst();
    }
    return file.getMessageTypes().stream()
        .flatMap(ProtoText::withInner)
        .filter(type ->
            type.getFullName().equals(name.get())
                || type.getFullName().equals(file.getPackage() + "." + name.get()))
        .findFirst()
        .orElseThrow(() -> new BadModel("the schema has no message '" + name.get() + "'"));
  }

  private static Stream<Descriptors.Descriptor> withInner(Descriptors.Descriptor type) {
    return Stream.concat(
        Stream.of(type), type.getNestedTypes().stream().flatMap(ProtoText::withInner));
  }

  private static List<Descriptors.FileDescriptor> imports(ProtoFileElement file) {
    var known =
        WELL_KNOWN.stream()
            .collect(Collectors.toMap(Descriptors.FileDescriptor::getName, Function.identity()));
    var imports = new ArrayList<Descriptors.FileDescriptor>();
    for (var name :
        Stream.concat(file.getImports().stream(), file.getPublicImports().stream()).toList()) {
      var found = known.get(name);
      if (found == null) {
        throw new BadModel(
            "the schema imports "
                + name
                + "; only google/protobuf/{any,duration,empty,field_mask,struct,timestamp,wrappers}.proto can be imported");
      }
      imports.add(found);
    }
    return imports;
  }

  private static DescriptorProtos.FileDescriptorProto proto(ProtoFileElement file) {
    var isProto3 = file.getSyntax() != null && file.getSyntax().toString().equals("proto3");
    if (!isProto3 && file.getSyntax() != null && !file.getSyntax().toString().equals("proto2")) {
      throw new BadModel("the syntax of the schema is neither proto3 nor proto2");
    }
    if (!file.getExtendDeclarations().isEmpty()) {
      throw new BadModel("the schema has extensions, which are not understood here");
    }
    var out =
        DescriptorProtos.FileDescriptorProto.newBuilder()
            .setName("schema.proto")
            .setSyntax(isProto3 ? "proto3" : "proto2");
    if (file.getPackageName() != null) {
      out.setPackage(file.getPackageName());
    }
    imports(file).forEach(each -> out.addDependency(each.getName()));
    var types = new ProtoTypes(isProto3);
    for (var type : file.getTypes()) {
      switch (type) {
        case MessageElement message -> out.addMessageType(types.message(message));
        case EnumElement choice -> out.addEnumType(types.choice(choice));
        default -> throw new BadModel("the schema has something that is no message and no enum");
      }
    }
    return out.build();
  }
}
