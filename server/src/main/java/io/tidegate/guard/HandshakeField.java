package io.tidegate.guard;

import io.tidegate.base.Bytes;
import io.tidegate.http.Request;
import java.util.Optional;

/// What handshakes look at in a request.
final class HandshakeField {

  /// Bodies of handshakes are small; larger ones are not searched.
  private static final int MOST_BYTES = 16 * 1024;

  private HandshakeField() {}

  /// True for a JSON body with this text at `pointer`. Nearly every body is an ordinary event:
  /// those without the text anywhere are not parsed.
  static boolean is(Request request, String pointer, String text) {
    return request.method().equals("POST")
        && request.body().size() <= MOST_BYTES
        && contains(request.body(), Bytes.utf8(text))
        && JsonText.at(request.body(), pointer).equals(Optional.of(text));
  }

  static Optional<String> query(Request request, String name) {
    return FormFields.read(request.query()).flatMap(fields -> fields.first(name));
  }

  /// A challenge that is one word of letters, digits and `-_.+/=~`: nothing that could be read as
  /// an event when it comes back with a signature.
  static Optional<String> token(Optional<String> text) {
    return text.filter(token ->
        !token.isEmpty()
            && token.length() <= Reflected.MOST_CHARACTERS
            && token.chars().allMatch(HandshakeField::isPlain));
  }

  static boolean isHost(String text) {
    return !text.isEmpty()
        && text.length() <= Reflected.MOST_CHARACTERS
        && text.chars().allMatch(c -> isWord(c) || c == '.' || c == '-' || c == ':');
  }

  private static boolean isPlain(int c) {
    return isWord(c) || "-_.+/=~".indexOf(c) >= 0;
  }

  private static boolean isWord(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static boolean contains(Bytes body, Bytes text) {
    var all = body.array();
    var part = text.array();
    for (int at = 0; at + part.length <= all.length; at++) {
      int i = 0;
      while (i < part.length && all[at + i] == part[i]) {
        i++;
      }
      if (i == part.length) {
        return true;
      }
    }
    return false;
  }
}
