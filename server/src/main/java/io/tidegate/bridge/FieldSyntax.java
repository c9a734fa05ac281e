package io.tidegate.bridge;

/// What HTTP allows in a header field (RFC 9110, 5). Names and values that come from records or
/// templates are checked before they go into a reply, so that none can be split in two.
final class FieldSyntax {
  private FieldSyntax() {}

  static boolean isValue(String value) {
    for (int i = 0; i < value.length(); i++) {
      var c = value.charAt(i);
      if ((c < 0x20 && c != '\t') || c == 0x7f) {
        return false;
      }
    }
    return true;
  }

  static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      var c = name.charAt(i);
      var alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!alphanumeric && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
        return false;
      }
    }
    return !name.isEmpty();
  }
}
