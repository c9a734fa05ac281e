package io.tidegate.filter;

import java.util.Locale;
import java.util.regex.Pattern;

/// Values as they may be shown to people: short, on one line, without characters that do things to
/// a terminal or a page, and without what is probably a secret.
final class Shown {
  private static final int LONGEST = 80;
  private static final int MOST_ITEMS = 8;

  private static final Pattern SECRET =
      Pattern.compile(
          ".*(authorization|cookie|password|passwd|secret|token|signature|credential|api[-_]?key"
              + "|private[-_]?key).*");

  private Shown() {}

  /// Whether what stands under that name had better not be shown.
  static boolean isSecret(String name) {
    return SECRET.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }

  /// A value of a filter: scalars and short lists of them as they are.
  static String value(Json value) {
    if (!(value instanceof Json.Items items) || items.size() > MOST_ITEMS) {
      return outline(value);
    }
    var list = new StringBuilder("[");
    for (var i = 0; i < items.size(); i++) {
      list.append(i == 0 ? "" : ", ").append(outline(items.at(i)));
      if (list.length() > LONGEST) {
        return list.substring(0, LONGEST) + "…";
      }
    }
    return list.append(']').toString();
  }

  /// A scalar as it is, what is composed by its size.
  static String outline(Json value) {
    return switch (value) {
      case Json.Text(var text) -> '"' + text(text) + '"' + lengthOf(text);
      case Num number -> text(number.toString());
      case Json.Flag(var flag) -> Boolean.toString(flag);
      case Json.Nothing _ -> "null";
      case Json.Items items -> "an array of " + items.size();
      case Fields fields -> "an object of " + fields.size();
      case Json.Unreadable(var reason) -> "unreadable: " + reason;
    };
  }

  /// The type and the size alone.
  static String masked(Json value) {
    return switch (value) {
      case Json.Text(var text) -> "*** (a text of " + text.length() + " characters)";
      case Num _ -> "*** (a number)";
      default -> outline(value);
    };
  }

  static String text(String text) {
    var shown = new StringBuilder();
    for (var i = 0; i < text.length() && i < LONGEST; i++) {
      var next = text.charAt(i);
      switch (Character.getType(next)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.SURROGATE,
            Character.PRIVATE_USE,
            Character.UNASSIGNED,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR ->
            shown.append("\\u%04x".formatted((int) next));
        default -> {
          if (next == '"' || next == '\\') {
            shown.append('\\');
          }
          shown.append(next);
        }
      }
    }
    return text.length() > LONGEST ? shown.append('…').toString() : shown.toString();
  }

  private static String lengthOf(String text) {
    return text.length() > LONGEST ? " (" + text.length() + " characters)" : "";
  }
}
