package io.tidegate.model;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.squareup.wire.schema.Field;
import com.squareup.wire.schema.internal.parser.EnumElement;
import com.squareup.wire.schema.internal.parser.FieldElement;
import com.squareup.wire.schema.internal.parser.MessageElement;
import com.squareup.wire.schema.internal.parser.OptionElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Messages and enums of a parsed file, in the form that Protobuf links. Types of fields stay
/// names: linking finds out what they are.
final class ProtoTypes {
  private static final Pattern MAP = Pattern.compile("map\\s*<\\s*(\\w+)\\s*,\\s*([\\w.]+)\\s*>");

  private static final Map<String, FieldDescriptorProto.Type> SCALARS =
      Map.ofEntries(
          Map.entry("double", FieldDescriptorProto.Type.TYPE_DOUBLE),
          Map.entry("float", FieldDescriptorProto.Type.TYPE_FLOAT),
          Map.entry("int32", FieldDescriptorProto.Type.TYPE_INT32),
          Map.entry("int64", FieldDescriptorProto.Type.TYPE_INT64),
          Map.entry("uint32", FieldDescriptorProto.Type.TYPE_UINT32),
          Map.entry("uint64", FieldDescriptorProto.Type.TYPE_UINT64),
          Map.entry("sint32", FieldDescriptorProto.Type.TYPE_SINT32),
          Map.entry("sint64", FieldDescriptorProto.Type.TYPE_SINT64),
          Map.entry("fixed32", FieldDescriptorProto.Type.TYPE_FIXED32),
          Map.entry("fixed64", FieldDescriptorProto.Type.TYPE_FIXED64),
          Map.entry("sfixed32", FieldDescriptorProto.Type.TYPE_SFIXED32),
          Map.entry("sfixed64", FieldDescriptorProto.Type.TYPE_SFIXED64),
          Map.entry("bool", FieldDescriptorProto.Type.TYPE_BOOL),
          Map.entry("string", FieldDescriptorProto.Type.TYPE_STRING),
          Map.entry("bytes", FieldDescriptorProto.Type.TYPE_BYTES));

  private final boolean isProto3;

  ProtoTypes(boolean isProto3) {
    this.isProto3 = isProto3;
  }

  EnumDescriptorProto choice(EnumElement from) {
    var out = EnumDescriptorProto.newBuilder().setName(from.getName());
    if (from.getOptions().stream().anyMatch(it -> isTrue(it, "allow_alias"))) {
      out.getOptionsBuilder().setAllowAlias(true);
    }
    from.getConstants()
        .forEach(it -> out.addValueBuilder().setName(it.getName()).setNumber(it.getTag()));
    return out.build();
  }

  DescriptorProto message(MessageElement from) {
    if (!from.getGroups().isEmpty() || !from.getExtendDeclarations().isEmpty()) {
      throw new BadModel(
          from.getName() + " has groups or extensions, which are not understood here");
    }
    var out = DescriptorProto.newBuilder().setName(from.getName());
    for (var type : from.getNestedTypes()) {
      switch (type) {
        case MessageElement inner -> out.addNestedType(message(inner));
        case EnumElement choice -> out.addEnumType(choice(choice));
        default -> throw new BadModel(from.getName() + " holds something that is no type");
      }
    }
    var presences = new ArrayList<FieldDescriptorProto.Builder>();
    from.getFields().forEach(it -> field(it, out, presences));
    from.getOneOfs()
        .forEach(it -> {
          int index = out.getOneofDeclCount();
          out.addOneofDecl(OneofDescriptorProto.newBuilder().setName(it.getName()));
          it.getFields().forEach(each -> out.addField(plain(each).setOneofIndex(index)));
        });
    presences.forEach(it -> presence(it, out));
    return out.build();
  }

  private void field(
      FieldElement from,
      DescriptorProto.Builder out,
      List<FieldDescriptorProto.Builder> presences) {
    var map = MAP.matcher(from.getType());
    if (map.matches()) {
      out.addField(map(from, map.group(1), map.group(2), out));
      return;
    }
    var field = plain(from);
    if (isProto3 && from.getLabel() == Field.Label.OPTIONAL) {
      presences.add(field.setProto3Optional(true));
    } else {
      out.addField(field);
    }
  }

  /// An `optional` of proto3 is a choice of one, behind all choices that were written.
  private static void presence(FieldDescriptorProto.Builder field, DescriptorProto.Builder out) {
    field.setOneofIndex(out.getOneofDeclCount());
    out.addOneofDecl(OneofDescriptorProto.newBuilder().setName("_" + field.getName()));
    out.addField(field);
  }

  private FieldDescriptorProto.Builder plain(FieldElement from) {
    var out =
        typed(from.getType())
            .setName(from.getName())
            .setNumber(from.getTag())
            .setLabel(label(from.getLabel()));
    if (from.getJsonName() != null) {
      out.setJsonName(from.getJsonName());
    }
    if (from.getDefaultValue() != null) {
      out.setDefaultValue(from.getDefaultValue());
    }
    for (var option : from.getOptions()) {
      if (option.getName().equals("packed")) {
        out.getOptionsBuilder().setPacked(isTrue(option, "packed"));
      }
    }
    return out;
  }

  /// A map is a list of entries.
  private static FieldDescriptorProto.Builder map(
      FieldElement from, String key, String value, DescriptorProto.Builder owner) {
    var name = entryName(from.getName());
    var entry = DescriptorProto.newBuilder().setName(name);
    entry.getOptionsBuilder().setMapEntry(true);
    entry.addField(typed(key).setName("key").setNumber(1).setLabel(Label.LABEL_OPTIONAL));
    entry.addField(typed(value).setName("value").setNumber(2).setLabel(Label.LABEL_OPTIONAL));
    owner.addNestedType(entry);
    return FieldDescriptorProto.newBuilder()
        .setName(from.getName())
        .setNumber(from.getTag())
        .setLabel(Label.LABEL_REPEATED)
        .setTypeName(name);
  }

  /// `order_lines` has entries of the type `OrderLinesEntry`.
  private static String entryName(String field) {
    var name = new StringBuilder();
    for (var word : field.split("_", -1)) {
      name.append(word.isEmpty() ? "" : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return name + "Entry";
  }

  private static FieldDescriptorProto.Builder typed(String type) {
    var scalar = SCALARS.get(type);
    return scalar == null
        ? FieldDescriptorProto.newBuilder().setTypeName(type)
        : FieldDescriptorProto.newBuilder().setType(scalar);
  }

  private static Label label(Field.@Nullable Label label) {
    return label == Field.Label.REPEATED
        ? Label.LABEL_REPEATED
        : label == Field.Label.REQUIRED ? Label.LABEL_REQUIRED : Label.LABEL_OPTIONAL;
  }

  private static boolean isTrue(OptionElement option, String name) {
    return option.getName().equals(name) && "true".equals(String.valueOf(option.getValue()));
  }
}
