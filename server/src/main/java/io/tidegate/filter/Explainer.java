package io.tidegate.filter;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Says of each condition what it saw and what came of it, by asking the condition itself. For one
/// document, once.
final class Explainer {
  private static final int MOST_PARTS = 300;
  private static final int MOST_ELEMENTS = 3;
  private static final int LONGEST_PATH = 200;

  /// For all questions together: each condition is asked again for itself.
  private static final long MOST_STEPS = 10L * Evaluation.MOST_STEPS;

  private final List<Mark> marks;
  private final Evaluation first;
  private final Evaluation rest;
  private int parts;

  Explainer(List<Mark> marks, Json root, boolean usesIndex) {
    this.marks = marks;
    this.first = Evaluation.of(root, usesIndex);
    this.rest = Evaluation.withSteps(root, usesIndex, MOST_STEPS);
  }

  /// Somewhere in the document.
  private record Spot(String path, @Nullable Json value, boolean secret) {
    Spot member(String name) {
      var found = value instanceof Fields fields ? fields.get(name) : null;
      var inside = value instanceof Json.Unreadable ? value : found;
      var next = path.isEmpty() ? Shown.text(name) : path + "." + Shown.text(name);
      return new Spot(cut(next), inside, secret || Shown.isSecret(name));
    }

    Spot element(int position, Json element) {
      return new Spot(cut(path + "[" + position + "]"), element, secret);
    }

    String seen() {
      if (value == null) {
        return "nothing there";
      }
      return secret ? Shown.masked(value) : Shown.outline(value);
    }

    private static String cut(String path) {
      return path.length() <= LONGEST_PATH
          ? path
          : "…" + path.substring(path.length() - LONGEST_PATH);
    }
  }

  Explanation explain(Condition root) {
    var spot = new Spot("", first.root(), false);
    var verdict = root.test(first.root(), first);
    return describe(root, spot, verdict, first);
  }

  private Explanation explain(Condition condition, Spot spot) {
    rest.forgetReason();
    var verdict = condition.test(spot.value, rest);
    return describe(condition, spot, verdict, rest);
  }

  private Explanation describe(Condition condition, Spot spot, Verdict verdict, Evaluation run) {
    parts++;
    var mark = marks.get(condition.number());
    var words =
        switch (condition) {
          case Condition.All _, Condition.Members _ -> mark.operator();
          case Condition.Either _ -> mark.operator();
          case Condition.Not _ when mark.operator().equals(Operator.NOT.word()) -> mark.operator();
          default -> mark.operator() + " " + Shown.value(mark.operand());
        };
    var reason = verdict == Verdict.UNDECIDED ? run.reason() : remark(condition, spot.value);
    return new Explanation(
        mark.pointer(),
        spot.path,
        words,
        spot.seen(),
        verdict,
        reason == null ? "" : reason,
        below(condition, spot));
  }

  private List<Explanation> below(Condition condition, Spot spot) {
    return switch (condition) {
      case Condition.All all -> each(all.parts(), spot);
      case Condition.Either either -> each(either.parts(), spot);
      case Condition.Not not -> each(List.of(not.inner()), spot);
      case Condition.Members members when spot.value instanceof Json.Items items ->
          elements(members, items, spot, true);
      case Condition.Members members -> members(members, spot);
      case Condition.Elements(var _, var every, var element)
          when spot.value instanceof Json.Items items ->
          elements(element, items, spot, !every);
      case Condition.Size(var _, var count) when spot.value instanceof Json.Items items ->
          each(List.of(count), new Spot(spot.path + ".length", Num.of(items.size()), false));
      case Condition.Subset subset when spot.value instanceof Json.Items items ->
          subset(subset, items, spot);
      case Condition.Subset _,
          Condition.Elements _,
          Condition.Size _,
          Condition.Present _,
          Condition.Typed _,
          Condition.Equal _,
          Condition.Leaf _ ->
          List.of();
    };
  }

  private List<Explanation> each(List<Condition> conditions, Spot spot) {
    var explained = new ArrayList<Explanation>();
    for (var condition : conditions) {
      if (parts < MOST_PARTS) {
        explained.add(explain(condition, spot));
      }
    }
    return explained;
  }

  private List<Explanation> members(Condition.Members members, Spot spot) {
    var explained = new ArrayList<Explanation>();
    for (var member : members.members()) {
      if (parts < MOST_PARTS) {
        explained.add(explain(member.condition(), spot.member(member.name())));
      }
    }
    return explained;
  }

  /// The element that decided, if there is one, or the first few.
  private List<Explanation> elements(
      Condition condition, Json.Items items, Spot spot, boolean oneIsEnough) {
    var decisive = oneIsEnough ? Verdict.PASSED : Verdict.FAILED;
    var explained = new ArrayList<Explanation>();
    for (var i = 0; i < items.size() && parts < MOST_PARTS && rest.spend(0); i++) {
      var verdict = rest.at(i, items, condition);
      if (verdict == decisive || explained.size() < MOST_ELEMENTS) {
        rest.enter(i);
        var one = explain(condition, spot.element(i, items.at(i)));
        rest.leave();
        if (verdict == decisive) {
          return List.of(one);
        }
        explained.add(one);
      }
    }
    return explained;
  }

  private List<Explanation> subset(Condition.Subset subset, Json.Items items, Spot spot) {
    var explained = new ArrayList<Explanation>();
    for (var element : subset.elements()) {
      if (parts < MOST_PARTS) {
        rest.forgetReason();
        var verdict = rest.any(items, element);
        explained.add(describe(element, spot, verdict, rest));
      }
    }
    return explained;
  }

  /// What people tend to overlook.
  private static String remark(Condition condition, @Nullable Json value) {
    var expected =
        switch (condition) {
          case Condition.Equal(var _, Operand.Constant(var wanted)) -> wanted;
          case Condition.Leaf(var _, Check.Ordered(var _, Operand.Constant(var bound))) -> bound;
          default -> null;
        };
    if (value == null || value instanceof Json.Items || expected == null) {
      return "";
    }
    var found = Json.typeOf(value);
    var wanted = Json.typeOf(expected);
    return found.equals(wanted) ? "" : "a " + found + " is not a " + wanted;
  }
}
