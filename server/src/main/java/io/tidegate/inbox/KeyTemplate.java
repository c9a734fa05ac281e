package io.tidegate.inbox;

import io.tidegate.base.Bytes;
import io.tidegate.guard.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How the key of a record is made from a request: text with `${…}` in it.
///
///     ${endpoint}  ${topic}  ${deliveryId}  ${eventId}  ${method}  ${path}  ${url}
///     ${headers.NAME}  ${query.NAME}  ${body./json/pointer}
///
/// What is not there becomes nothing; a key of nothing is no key.
public final class KeyTemplate {
  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{([^}]*)}");
  private static final int LONGEST = 4096;

  private final List<Function<Received, Optional<String>>> parts;

  private KeyTemplate(List<Function<Received, Optional<String>>> parts) {
    this.parts = List.copyOf(parts);
  }

  /// @throws IllegalArgumentException with a sentence for whoever wrote it
  public static KeyTemplate of(String text) {
    var parts = new ArrayList<Function<Received, Optional<String>>>();
    var matcher = EXPRESSION.matcher(text);
    int from = 0;
    while (matcher.find()) {
      literal(text.substring(from, matcher.start()), parts);
      parts.add(expression(matcher.group(1).strip()));
      from = matcher.end();
    }
    literal(text.substring(from), parts);
    return new KeyTemplate(parts);
  }

  private static void literal(String text, List<Function<Received, Optional<String>>> parts) {
    if (text.contains("${")) {
      throw new IllegalArgumentException("'${' is not closed in the key");
    }
    if (!text.isEmpty()) {
      var constant = Optional.of(text);
      parts.add(_ -> constant);
    }
  }

  private static Function<Received, Optional<String>> expression(String name) {
    return switch (name) {
      case "endpoint" -> received -> Optional.of(received.endpoint().id());
      case "topic" -> received -> Optional.of(received.endpoint().topic());
      case "deliveryId" -> Received::deliveryId;
      case "eventId" -> received -> Optional.of(received.eventId());
      case "method" -> received -> Optional.of(received.request().method());
      case "path" -> received -> Optional.of(received.request().path());
      case "url" -> received -> Optional.of(received.url());
      default -> named(name);
    };
  }

  private static Function<Received, Optional<String>> named(String expression) {
    var dot = expression.indexOf('.');
    var name = expression.substring(dot + 1);
    if (dot > 0 && !name.isEmpty()) {
      switch (expression.substring(0, dot)) {
        case "headers" -> {
          var header = name.toLowerCase(Locale.ROOT);
          if (ForwardedHeaders.isCredential(header)) {
            throw new IllegalArgumentException("header " + header + " holds credentials");
          }
          return received -> received.request().headers().joined(header);
        }
        case "query" -> {
          return received -> QueryText.value(received.request().query(), name);
        }
        case "body" -> {
          var pointer = JsonText.pointer(name);
          return received -> JsonText.at(received.value(), pointer);
        }
        default -> {}
      }
    }
    throw new IllegalArgumentException(
        "'${"
            + expression
            + "}' means nothing in a key; there are endpoint, topic, deliveryId, eventId, method,"
            + " path, url, headers.NAME, query.NAME and body./POINTER");
  }

  @Nullable Bytes key(Received received) {
    if (parts.isEmpty()) {
      return null;
    }
    var key = new StringBuilder();
    for (var part : parts) {
      part.apply(received).ifPresent(key::append);
    }
    if (key.length() > LONGEST) {
      key.setLength(LONGEST);
    }
    return key.isEmpty() ? null : Bytes.utf8(key.toString());
  }
}
