package io.tidegate.bridge;

import io.tidegate.http.Problem;
import io.tidegate.plan.Template;

/// The topic a request means. Since a caller's words may be part of it, it is checked each time.
final class TopicName {
  private static final int LONGEST = 249;

  private TopicName() {}

  /// Fills in `template`. Names that Kafka does not allow are refused, and so are those that belong
  /// to Tidegate or to Kafka itself: for a caller they do not exist.
  static String of(Template template, Template.Scope scope) {
    var name = template.render(scope);
    if (name.isEmpty()) {
      throw Problem.of(400, "invalid_topic", "The request names no topic.").refuse();
    }
    if (!isLegal(name)) {
      throw Problem.of(
              400,
              "invalid_topic",
              "A topic name has at most 249 letters, digits, dots, underscores and hyphens.")
          .refuse();
    }
    if (name.startsWith("tidegate.") || name.startsWith("__")) {
      throw Problem.of(404, "no_such_topic", "There is no such topic here.").refuse();
    }
    return name;
  }

  static boolean isLegal(String name) {
    if (name.isEmpty() || name.length() > LONGEST || name.equals(".") || name.equals("..")) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      var c = name.charAt(i);
      var legal =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '.'
              || c == '_'
              || c == '-';
      if (!legal) {
        return false;
      }
    }
    return true;
  }
}
