package io.tidegate.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

/// The part of JMESPath that picks a value out of JSON. Immutable; any thread.
///
/// | written | means |
/// |---|---|
/// | `data.user.id`, `data."odd name"`, `data.items[0]`, `items[-1]` | the value there |
/// | `a \|\| b` | the second when the first is nothing, empty or false |
/// | `'text'` | itself |
/// | `join('-', [a, b])` | the texts, with the first between them; nothing when one is missing |
/// | `to_string(a)`, `not_null(a, b)` | as in JMESPath |
///
/// Projections, filters, slices, pipes, literals in backticks and other functions are refused.
final class Expression {
  private static final int LONGEST = 512;
  private static final int DEEPEST = 32;

  private final Node root;

  private Expression(Node root) {
    this.root = root;
  }

  /// It cannot be understood; the message goes on after the name of the field.
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String why) {
      super(why, null, false, false);
    }

    String why() {
      return String.valueOf(getMessage());
    }
  }

  private sealed interface Node {
    record Field(Optional<Node> of, String name) implements Node {}

    record Item(Optional<Node> of, int index) implements Node {}

    record Either(Node first, Node second) implements Node {}

    record Text(String text) implements Node {}

    record Join(Node glue, List<Node> parts) implements Node {}

    record ToText(Node of) implements Node {}

    record NotNull(List<Node> of) implements Node {}
  }

  static Expression parse(String text) throws Unreadable {
    if (text.length() > LONGEST) {
      throw new Unreadable("must have at most " + LONGEST + " characters");
    }
    var reader = new Reader(text);
    var root = reader.either(0);
    reader.end();
    return new Expression(root);
  }

  /// What it picks, as a text: JSON for objects and lists. Nothing for null, and for what is
  /// missing or empty.
  Optional<String> text(JsonNode scope) {
    return Optional.of(written(value(root, scope))).filter(text -> !text.isEmpty());
  }

  private static String written(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    return value.isValueNode() ? value.asString() : value.toString();
  }

  private static JsonNode value(Node node, JsonNode scope) {
    return switch (node) {
      case Node.Field(var of, var name) -> of(of, scope).path(name);
      case Node.Item(var of, var index) -> {
        var list = of(of, scope);
        yield list.isArray() ? list.path(index < 0 ? list.size() + index : index) : missing();
      }
      case Node.Either(var first, var second) -> {
        var value = value(first, scope);
        yield isNothing(value) ? value(second, scope) : value;
      }
      case Node.Text(var text) -> StringNode.valueOf(text);
      case Node.Join(var glue, var parts) -> joined(value(glue, scope), parts, scope);
      case Node.ToText(var of) -> {
        var value = value(of, scope);
        yield value.isMissingNode() ? value : StringNode.valueOf(written(value));
      }
      case Node.NotNull(var of) ->
          of.stream()
              .map(each -> value(each, scope))
              .filter(value -> !value.isMissingNode() && !value.isNull())
              .findFirst()
              .orElse(missing());
    };
  }

  private static JsonNode of(Optional<Node> of, JsonNode scope) {
    return of.map(node -> value(node, scope)).orElse(scope);
  }

  private static JsonNode joined(JsonNode glue, List<Node> parts, JsonNode scope) {
    var texts = new ArrayList<String>();
    for (var part : parts) {
      var value = value(part, scope);
      if (!value.isValueNode() || value.isNull()) {
        return missing();
      }
      texts.add(written(value));
    }
    return StringNode.valueOf(String.join(written(glue), texts));
  }

  private static boolean isNothing(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isBoolean() && !value.asBoolean())
        || (value.isString() && value.asString().isEmpty())
        || (value.isContainer() && value.isEmpty());
  }

  private static JsonNode missing() {
    return JsonNodeFactory.instance.missingNode();
  }

  /// Reads from left to right.
  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    void end() throws Unreadable {
      if (peek() != 0) {
        throw unexpected();
      }
    }

    private char peek() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean take(char wanted) {
      boolean here = peek() == wanted;
      at += here ? 1 : 0;
      return here;
    }

    private void need(char wanted) throws Unreadable {
      if (!take(wanted)) {
        throw unexpected();
      }
    }

    private Unreadable unexpected() {
      char next = peek();
      return new Unreadable(
          next == 0
              ? "is an expression that ends too early"
              : "holds '%c' at character %d of an expression, where that is not understood"
                  .formatted(next, at + 1));
    }

    Node either(int depth) throws Unreadable {
      if (depth > DEEPEST) {
        throw new Unreadable("holds an expression that is nested too deeply");
      }
      var node = primary(depth);
      while (peek() == '|') {
        if (!text.startsWith("||", at)) {
          throw new Unreadable("holds a pipe, which is not understood here");
        }
        at += 2;
        node = new Node.Either(node, primary(depth));
      }
      return node;
    }

    private Node primary(int depth) throws Unreadable {
      if (peek() == '\'') {
        return new Node.Text(quoted('\''));
      }
      if (peek() == '[') {
        return steps(item(Optional.empty()));
      }
      boolean plain = peek() != '"';
      var name = name();
      if (plain && peek() == '(') {
        return function(name, depth + 1);
      }
      return steps(new Node.Field(Optional.empty(), name));
    }

    private Node steps(Node first) throws Unreadable {
      var node = first;
      while (true) {
        if (take('.')) {
          node = new Node.Field(Optional.of(node), name());
        } else if (peek() == '[') {
          node = item(Optional.of(node));
        } else {
          return node;
        }
      }
    }

    private Node item(Optional<Node> of) throws Unreadable {
      need('[');
      int from = at;
      take('-');
      while (peek() >= '0' && peek() <= '9') {
        at++;
      }
      var number = text.substring(from, at).strip();
      if (take(']')) {
        try {
          return new Node.Item(of, Integer.parseInt(number));
        } catch (NumberFormatException none) {
          // said below
        }
      }
      throw new Unreadable(
          "holds brackets without a number, as projections, filters and slices have them, which"
              + " are not understood here");
    }

    private String name() throws Unreadable {
      if (peek() == '"') {
        return quoted('"');
      }
      int from = at;
      while (at < text.length() && isOfNames(text.charAt(at), at == from)) {
        at++;
      }
      if (at == from) {
        throw unexpected();
      }
      return text.substring(from, at);
    }

    private static boolean isOfNames(char c, boolean first) {
      return (c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || c == '_'
          || (!first && c >= '0' && c <= '9');
    }

    private String quoted(char quote) throws Unreadable {
      need(quote);
      var out = new StringBuilder();
      while (at < text.length() && text.charAt(at) != quote) {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        out.append(text.charAt(at++));
      }
      if (at >= text.length()) {
        throw new Unreadable("holds a quote that is not closed");
      }
      at++;
      return out.toString();
    }

    private Node function(String name, int depth) throws Unreadable {
      need('(');
      Node node =
          switch (name) {
            case "join" -> {
              var glue = either(depth);
              need(',');
              need('[');
              yield new Node.Join(glue, list(']', depth));
            }
            case "to_string" -> {
              var of = either(depth);
              need(')');
              yield new Node.ToText(of);
            }
            case "not_null" -> new Node.NotNull(list(')', depth));
            default ->
                throw new Unreadable(
                    "calls " + name + "(), and only join, to_string and not_null are understood");
          };
      if (node instanceof Node.Join) {
        need(')');
      }
      return node;
    }

    private List<Node> list(char end, int depth) throws Unreadable {
      var nodes = new ArrayList<Node>();
      do {
        nodes.add(either(depth));
      } while (take(','));
      need(end);
      return List.copyOf(nodes);
    }
  }
}
