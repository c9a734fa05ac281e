package io.tidegate.edge;

import io.tidegate.http.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Header values between the wire, where they are bytes that the decoder reads as Latin-1, and our
/// texts. What was sent as UTF-8 is read as UTF-8, so that it is the same bytes again in a record.
final class FieldText {
  private FieldText() {}

  static String received(String name, String value) {
    return ascii(value) ? value : utf8(name, value);
  }

  /// The same for what another server sends: what is no UTF-8 passes as it is.
  static String lenient(String value) {
    if (ascii(value)) {
      return value;
    }
    try {
      return received("", value);
    } catch (Problem.Refusal _) {
      return value;
    }
  }

  static String sent(String value) {
    return ascii(value)
        ? value
        : new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static boolean ascii(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) >= 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static String utf8(String name, String value) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1)))
          .toString();
    } catch (CharacterCodingException malformed) {
      throw Problem.of(400, "bad_header", "the header " + name + " is not valid UTF-8").refuse();
    }
  }
}
