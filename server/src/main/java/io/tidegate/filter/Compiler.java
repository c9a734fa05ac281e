package io.tidegate.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/// Makes conditions of the JSON of a filter, or finds everything that is wrong with it.
final class Compiler {
  static final int DEEPEST = 16;
  static final int MOST_NODES = 256;
  private static final int LONGEST_NAME = 256;

  private final Consumer<Mark> marks;
  private final Faults faults = new Faults();
  private final Operands operands = new Operands(faults);
  private int nodes;

  /// @param marks told where each condition comes from, in the order of their numbers
  Compiler(Consumer<Mark> marks) {
    this.marks = marks;
  }

  Condition compile(Json source) {
    if (source instanceof Json.Unreadable(var reason)) {
      var expected = "JSON of at most " + Filter.BOUNDS.bytes() + " bytes";
      faults.add(Place.ROOT, reason, expected, Optional.empty());
      return new Condition.All(0, List.of());
    }
    var condition = filter(source, Place.ROOT);
    if (nodes > MOST_NODES) {
      var expected = "at most " + MOST_NODES + " conditions";
      faults.add(Place.ROOT, "more", expected, Optional.empty());
    }
    return condition;
  }

  List<Fault> faults() {
    return faults.all();
  }

  boolean usesIndex() {
    return operands.usesIndex();
  }

  private Condition filter(Json node, Place place) {
    if (nodes > MOST_NODES || place.depth() > DEEPEST) {
      if (place.depth() > DEEPEST) {
        faults.add(place, node, "nesting of at most " + DEEPEST);
      }
      return new Condition.All(0, List.of());
    }
    return switch (node) {
      case Fields fields -> object(fields, place);
      case Json.Items items -> subset(items, place);
      default -> {
        var number = mark(place, "is", node);
        yield new Condition.Equal(number, operands.value(node, place));
      }
    };
  }

  private Condition object(Fields fields, Place place) {
    if (fields.size() == 0) {
      return place.whole()
          ? new Condition.All(mark(place, "anything", fields), List.of())
          : new Condition.Leaf(mark(place, "an object", fields), new Check.IsObject());
    }
    var number = mark(place, "all of", fields);
    var parts = new ArrayList<Condition>();
    var members = new ArrayList<Condition.Member>();
    for (var i = 0; i < fields.size(); i++) {
      var name = fields.nameAt(i);
      if (name.startsWith("$")) {
        parts.add(operator(name, fields.valueAt(i), place.part(name)));
      } else {
        members.add(member(name, fields.valueAt(i), place.inside(name)));
      }
    }
    if (members.isEmpty()) {
      return parts.size() == 1 ? parts.getFirst() : new Condition.All(number, List.copyOf(parts));
    }
    var inside = new Condition.Members(number, List.copyOf(members));
    if (parts.isEmpty()) {
      return inside;
    }
    parts.add(inside);
    return new Condition.All(number, List.copyOf(parts));
  }

  private Condition.Member member(String name, Json value, Place place) {
    if (name.length() > LONGEST_NAME) {
      var expected = "a name of at most " + LONGEST_NAME + " characters";
      faults.add(place, new Json.Text(name), expected);
    }
    return new Condition.Member(name.intern(), filter(value, place));
  }

  private Condition subset(Json.Items items, Place place) {
    var number = mark(place, "holds each of", items);
    var elements = new ArrayList<Condition>();
    for (var i = 0; i < items.size(); i++) {
      elements.add(filter(items.at(i), place.inside(i)));
    }
    return new Condition.Subset(number, List.copyOf(elements));
  }

  private Condition operator(String word, Json operand, Place place) {
    var operator = Operator.of(word);
    if (operator.isEmpty()) {
      faults.add(place, "'" + Shown.text(word) + "'", "an operator", Operator.nearest(word));
      return new Condition.All(0, List.of());
    }
    var number = mark(place, word, operand);
    if (operand instanceof Json.Unreadable) {
      operands.checkLiteral(operand, place);
      return new Condition.All(0, List.of());
    }
    return switch (operator.get()) {
      case EQ -> new Condition.Equal(number, operands.value(operand, place));
      case NEQ -> not(number, place, operand, this::equal);
      case GT -> ordered(number, Check.Order.ABOVE, operand, place);
      case GTE -> ordered(number, Check.Order.AT_LEAST, operand, place);
      case LT -> ordered(number, Check.Order.BELOW, operand, place);
      case LTE -> ordered(number, Check.Order.AT_MOST, operand, place);
      case IN -> new Condition.Leaf(number, operands.list(operand, place));
      case NIN -> not(number, place, operand, this::in);
      case STARTS_WITH -> alike(number, Check.Likeness.STARTS, operands.texts(operand, place));
      case ENDS_WITH -> alike(number, Check.Likeness.ENDS, operands.texts(operand, place));
      case CONTAINS -> alike(number, Check.Likeness.CONTAINS, operands.texts(operand, place));
      case I_EQ -> alike(number, Check.Likeness.SAME_IGNORING_CASE, operands.text(operand, place));
      case REGEX -> new Condition.Leaf(number, new Check.Matching(operands.regex(operand, place)));
      case EXIST -> new Condition.Present(number, operands.flag(operand, place));
      case TYPE -> new Condition.Typed(number, operands.types(operand, place));
      case SIZE -> new Condition.Size(number, count(operand, place));
      case ALL -> new Condition.Elements(number, true, element(operand, place));
      case ELEM_MATCH -> new Condition.Elements(number, false, element(operand, place));
      case NOT -> new Condition.Not(number, filter(operand, place));
      case AND -> new Condition.All(number, branches(operand, place));
      case OR -> new Condition.Either(number, branches(operand, place));
      case NOR -> not(number, place, operand, this::either);
      case REF -> new Condition.Equal(number, operands.path(operand, place));
    };
  }

  /// The exact opposite of what `denied` makes of the operand.
  private static Condition not(
      int number, Place place, Json operand, BiFunction<Json, Place, Condition> denied) {
    return new Condition.Not(number, denied.apply(operand, place));
  }

  private Condition equal(Json operand, Place place) {
    var number = mark(place, Operator.EQ.word(), operand);
    return new Condition.Equal(number, operands.value(operand, place));
  }

  private Condition in(Json operand, Place place) {
    var number = mark(place, Operator.IN.word(), operand);
    return new Condition.Leaf(number, operands.list(operand, place));
  }

  private Condition either(Json operand, Place place) {
    var number = mark(place, Operator.OR.word(), operand);
    return new Condition.Either(number, branches(operand, place));
  }

  private Condition ordered(int number, Check.Order order, Json operand, Place place) {
    return new Condition.Leaf(number, new Check.Ordered(order, operands.bound(operand, place)));
  }

  private static Condition alike(int number, Check.Likeness likeness, Operand texts) {
    return new Condition.Leaf(number, new Check.Alike(likeness, texts));
  }

  private List<Condition> branches(Json operand, Place place) {
    var branches = new ArrayList<Condition>();
    if (operand instanceof Json.Items items && items.size() > 0) {
      for (var i = 0; i < items.size(); i++) {
        branches.add(filter(items.at(i), place.part(Integer.toString(i))));
      }
    } else {
      faults.add(place, operand, "a list with at least one filter");
    }
    return List.copyOf(branches);
  }

  /// A filter for elements. A list here is what other languages mean by `$all`: better said as the
  /// list itself.
  private Condition element(Json operand, Place place) {
    if (operand instanceof Json.Items) {
      faults.add(
          place, operand, "one filter for the elements (to ask for several, give the list alone)");
      return new Condition.All(0, List.of());
    }
    return filter(operand, new Place(place.pointer(), place.depth(), false));
  }

  private Condition count(Json operand, Place place) {
    if (operand instanceof Fields) {
      return filter(operand, place);
    }
    var number = mark(place, "is", operand);
    if (!(operand instanceof Num size) || size.smallCount() < 0) {
      faults.add(place, operand, "a whole number from 0, or comparisons such as {\"$gte\": 3}");
    }
    return new Condition.Equal(number, new Operand.Constant(operand));
  }

  private int mark(Place place, String operator, Json operand) {
    marks.accept(new Mark(place.pointer(), operator, operand));
    return nodes++;
  }
}
