package io.tidegate.config;

import io.tidegate.config.Template.Part;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Which expressions may stand in a template, and which parameters exist there.
///
/// `params` has one set for each `when` item that can name any; an expression may use a parameter
/// only if all of them name it, since any of them may be the one that matched.
record Scope(Set<Expression> allowed, List<Set<String>> params) {
  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{([^}]*)}");
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{0,249}");

  static Scope of(Collection<Set<String>> params, Expression... allowed) {
    return new Scope(EnumSet.copyOf(List.of(allowed)), List.copyOf(params));
  }

  /// With the parameters of paths; a `when` item without a path does not count.
  static Scope ofPaths(List<Optional<Glob>> paths, Expression... allowed) {
    return of(
        paths.stream().flatMap(Optional::stream).map(path -> Set.copyOf(path.params())).toList(),
        allowed);
  }

  Scope with(Expression... more) {
    var all = EnumSet.copyOf(allowed);
    all.addAll(List.of(more));
    return new Scope(all, params);
  }

  Scope only(Expression... some) {
    return of(params, some);
  }

  Form<Template> template() {
    return Form.of("text", this::read);
  }

  /// The name of a topic: what Kafka allows, and none of Tidegate's own.
  Form<Template> topic() {
    return Form.of("a topic name", value -> topic(value, read(value)));
  }

  private static Template topic(Value value, Template template) {
    var isFirst = true;
    for (var part : template.parts()) {
      if (part instanceof Part.Text(var text)) {
        checkTopic(value, text, isFirst);
      }
      isFirst = false;
    }
    return template;
  }

  /// Notes a fault unless `text` may be a topic, or, when it is not the `first` part, the rest of
  /// one.
  static void checkTopic(Value value, String text, boolean first) {
    if (!TOPIC.matcher(text).matches() || text.equals(".") || text.equals("..")) {
      value.fault(
          "found " + value.described(), "a topic name of letters, digits, '.', '_' and '-'");
    } else if (first && (text.startsWith("tidegate.") || text.startsWith("__"))) {
      value.fault("topics named 'tidegate.*' and '__*' are internal", "another topic");
    }
  }

  private Template read(Value value) {
    var text = value.scalar("text").orElse("");
    var parts = new ArrayList<Part>();
    var matcher = EXPRESSION.matcher(text);
    var rest = 0;
    while (matcher.find()) {
      literal(text.substring(rest, matcher.start()), parts, value);
      expression(matcher.group(1).strip(), value).ifPresent(parts::add);
      rest = matcher.end();
    }
    literal(text.substring(rest), parts, value);
    return new Template(value.place(), parts);
  }

  private static void literal(String text, List<Part> parts, Value value) {
    if (text.contains("${")) {
      value.fault("'${' is not closed in " + value.described(), "'}'");
    }
    if (!text.isEmpty()) {
      parts.add(new Part.Text(text));
    }
  }

  private Optional<Part> expression(String text, Value value) {
    var part = allowed.stream().flatMap(it -> it.part(text, value).stream()).findFirst();
    if (part.isEmpty()) {
      var known = Expression.values();
      var misplaced = List.of(known).stream().anyMatch(it -> it.isSpelled(text));
      var problem = (misplaced ? " means nothing here" : " is not an expression");
      var guesses = allowed.stream().map(it -> it.guess(text)).toList();
      var nearest = misplaced ? Optional.<String>empty() : Nearest.to("${" + text + "}", guesses);
      var spellings = allowed.stream().map(Expression::spelling).toList();
      value.fault(Fault.quote("${" + text + "}") + problem, Form.spoken(spellings), nearest);
    }
    if (part.isPresent() && part.get() instanceof Part.Param(var name)) {
      checkParam(name, value);
    }
    return part;
  }

  private void checkParam(String name, Value value) {
    if (!params.isEmpty() && params.stream().allMatch(names -> names.contains(name))) {
      return;
    }
    var common = new TreeSet<String>();
    params.stream().limit(1).forEach(common::addAll);
    params.forEach(common::retainAll);
    var some = params.stream().anyMatch(names -> names.contains(name));
    value.fault(
        "parameter "
            + Fault.quote(name)
            + (some ? " is missing from some `when` items" : " is named by no `when` item"),
        common.isEmpty() ? "{" + name + "} in every `when` item" : Form.spoken(common),
        Nearest.to(name, common));
  }
}
