package io.tidegate.outbox;

import io.tidegate.outbox.Expression.Unreadable;
import io.tidegate.registry.Judgement.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A text with places that are filled in from an event: `order-${data.id}`. What stands between
/// `${` and `}` is an `Expression`; `$${` is `${` itself. Immutable; any thread.
final class TextTemplate {
  private static final String OPEN = "${";
  private static final int LONGEST = 4096;

  /// Texts, and expressions between them.
  private final List<Object> parts;

  private TextTemplate(List<Object> parts) {
    this.parts = List.copyOf(parts);
  }

  /// True for most texts, which are what they are.
  static boolean isFixed(String text) {
    return !text.contains(OPEN);
  }

  static TextTemplate parse(String text) throws Unreadable {
    var parts = new ArrayList<Object>();
    var fixed = new StringBuilder();
    for (int at = 0; at < text.length(); ) {
      if (text.startsWith("$" + OPEN, at)) {
        fixed.append(OPEN);
        at += 3;
      } else if (text.startsWith(OPEN, at)) {
        int end = end(text, at + 2);
        parts.add(fixed.toString());
        fixed.setLength(0);
        parts.add(Expression.parse(text.substring(at + 2, end)));
        at = end + 1;
      } else {
        fixed.append(text.charAt(at++));
      }
    }
    parts.add(fixed.toString());
    return new TextTemplate(parts);
  }

  private static int end(String text, int from) throws Unreadable {
    char quote = 0;
    for (int at = from; at < text.length(); at++) {
      char c = text.charAt(at);
      if (quote != 0) {
        at += c == '\\' ? 1 : 0;
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '}') {
        return at;
      }
    }
    throw new Unreadable("holds ${ without an end");
  }

  /// Nothing when one of its places stays empty.
  Optional<String> fill(JsonNode scope) {
    var out = new StringBuilder();
    for (var part : parts) {
      if (part instanceof Expression expression) {
        var text = expression.text(scope);
        if (text.isEmpty()) {
          return Optional.empty();
        }
        out.append(text.get());
      } else {
        out.append(part);
      }
    }
    return Optional.of(out.toString());
  }

  /// The texts, filled in; without those that have a place that stays empty, or become too long.
  ///
  /// @param scope is asked for only when something is to be filled in
  static Map<String, String> fill(Map<String, String> texts, Supplier<ObjectNode> scope) {
    if (texts.values().stream().allMatch(TextTemplate::isFixed)) {
      return texts;
    }
    var event = scope.get();
    var filled = new LinkedHashMap<String, String>();
    texts.forEach((name, text) -> {
      try {
        parse(text)
            .fill(event)
            .filter(value -> isFixed(text) || value.length() <= LONGEST)
            .ifPresent(value -> filled.put(name, value));
      } catch (Unreadable once) {
        filled.put(name, text); // it is older than templates, or than what they understand
      }
    });
    return filled;
  }

  /// What is wrong with texts that are to be filled in.
  static List<Fault> faults(Map<String, String> texts, String pointer) {
    var faults = new ArrayList<Fault>();
    texts.forEach((name, text) -> {
      try {
        parse(text);
      } catch (Unreadable unreadable) {
        faults.add(new Fault(pointer + "/" + name, unreadable.why()));
      }
    });
    return faults;
  }
}
