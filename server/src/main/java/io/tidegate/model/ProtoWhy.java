package io.tidegate.model;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.regex.Pattern;

/// Why JSON is no message, without what the library quotes of it: names of fields are told, values
/// are not.
final class ProtoWhy {
  private static final Pattern UNKNOWN_FIELD = Pattern.compile("Cannot find field: (\\w{1,80}) .*");

  private ProtoWhy() {}

  static String of(InvalidProtocolBufferException unfit) {
    var message = String.valueOf(unfit.getMessage());
    var unknown = UNKNOWN_FIELD.matcher(message.lines().findFirst().orElse(""));
    return unknown.matches()
        ? "it has a field that the schema does not know: " + unknown.group(1)
        : "a field has a value of the wrong type";
  }
}
