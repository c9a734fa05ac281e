package io.tidegate.filter;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One node of a compiled filter: asked about the value at its place in the document, or about
/// there being none. Immutable.
///
/// Operators look into arrays by themselves: one element that satisfies them is enough. What denies
/// (`$neq`, `$nin`, `$not`, `$nor`) is the exact opposite of what it denies, and so passes where
/// there is no value.
sealed interface Condition {

  /// Its place among all conditions of the filter, in the order of compiling.
  int number();

  /// @param value null where there is none
  Verdict test(@Nullable Json value, Evaluation run);

  /// Every part must pass.
  record All(int number, List<Condition> parts) implements Condition {
    @Override
    public Verdict test(@Nullable Json value, Evaluation run) {
      var verdict = Verdict.PASSED;
      for (var i = 0; i < parts.size(); i++) {
        var next = parts.get(i).test(value, run);
        if (next == Verdict.FAILED) {
          return next;
        }
        verdict = next == Verdict.UNDECIDED ? next : verdict;
      }
      return verdict;
    }
  }

  /// One part must pass.
  record Either(int number, List<Condition> parts) implements Condition {
    @Override
    public Verdict test(@Nullable Json value, Evaluation run) {
      var verdict = Verdict.FAILED;
      for (var i = 0; i < parts.size(); i++) {
        var next = parts.get(i).test(value, run);
        if (next == Verdict.PASSED) {
          return next;
        }
        verdict = next == Verdict.UNDECIDED ? next : verdict;
      }
      return verdict;
    }
  }

  record Not(int number, Condition inner) implements Condition {
    @Override
    public Verdict test(@Nullable Json value, Evaluation run) {
      return inner.test(value, run).negated();
    }
  }

  /// A name, and what is asked of the value under it.
  record Member(String name, Condition condition) {}

  /// The members of an object. In an array, one single element must satisfy all of them; where
  /// there is no object, all of them are absent.
  record Members(int number, List<Member> members) implements Condition {
    @Override
    public Verdict test(@Nullable Json value, Evaluation run) {
      if (value instanceof Json.Items items) {
        return run.any(items, this);
      }
      if (value instanceof Json.Unreadable(var reason)) {
        return run.undecided(reason);
      }
      if (!run.spend(members.size())) {
        return run.tooMuch();
      }
      var fields = value instanceof Fields found ? found : Fields.NONE;
      var verdict = Verdict.PASSED;
      for (var i = 0; i < members.size(); i++) {
        var member = members.get(i);
        var next = member.condition.test(fields.get(member.name), run);
        if (next == Verdict.FAILED) {
          return next;
        }
        verdict = next == Verdict.UNDECIDED ? next : verdict;
      }
      return verdict;
    }
  }

  /// A list: each of the conditions is satisfied by some element of the array.
  record Subset(int number, List<Condition> elements) implements Condition {
    @Override
    public Verdict test(@Nullable Json value, Evaluation run) {
      if (value instanceof Json.Unreadable(var reason)) {
        return run.undecided(reason);
      }
      if (!(value instanceof Json.Items items)) {
        return Verdict.FAILED;
      }
      var verdict = Verdict.PASSED;
      for (var i = 0; i < elements.size(); i++) {
        var next = run.any(items, elements.get(i));
        if (next == Verdict.FAILED) {
          return next;
        }
        verdict = next == Verdict.UNDECIDED ? next : verdict;
      }
      return verdict;
    }
  }

  /// Every element of the array, or one of them, passes; it must be an array.
  record Elements(int number, boolean every, Condition element) implements Condition {
    @Override
    public Verdict test(@Nullable Json value, Evaluation run) {
      return switch (value) {
        case Json.Items items when every -> run.every(items, element);
        case Json.Items items -> run.any(items, element);
        case Json.Unreadable(var reason) -> run.undecided(reason);
        case null, default -> Verdict.FAILED;
      };
    }
  }

  /// How many elements the array has; it must be an array.
  record Size(int number, Condition count) implements Condition {
    @Override
    public Verdict test(@Nullable Json value, Evaluation run) {
      return switch (value) {
        case Json.Items items -> count.test(Num.of(items.size()), run);
        case Json.Unreadable(var reason) -> run.undecided(reason);
        case null, default -> Verdict.FAILED;
      };
    }
  }

  /// There is a value, be it null; or there is none.
  record Present(int number, boolean wanted) implements Condition {
    @Override
    public Verdict test(@Nullable Json value, Evaluation run) {
      return Verdict.of((value != null) == wanted);
    }
  }

  /// The value itself, not what is in it, is of one of the types.
  record Typed(int number, Set<String> types) implements Condition {
    @Override
    public Verdict test(@Nullable Json value, Evaluation run) {
      return switch (value) {
        case null -> Verdict.FAILED;
        case Json.Unreadable(var reason) -> run.undecided(reason);
        default -> Verdict.of(types.contains(Json.typeOf(value)));
      };
    }
  }

  /// The value is that one: a scalar, or a scalar in an array; or the same array or object.
  record Equal(int number, Operand operand) implements Condition {
    @Override
    public Verdict test(@Nullable Json value, Evaluation run) {
      if (!run.spend(1)) {
        return run.tooMuch();
      }
      var wanted = operand.resolve(run);
      if (value == null || wanted == null) {
        return Verdict.FAILED;
      }
      return value instanceof Json.Items items && Json.isScalar(wanted)
          ? Sameness.inside(items, wanted, run)
          : Sameness.of(value, wanted, run);
    }
  }

  /// The value, or one element of the array, passes a check.
  record Leaf(int number, Check check) implements Condition {
    @Override
    public Verdict test(@Nullable Json value, Evaluation run) {
      if (!run.spend(1)) {
        return run.tooMuch();
      }
      return switch (value) {
        case null -> Verdict.FAILED;
        case Json.Items items -> run.any(items, this);
        case Json.Unreadable(var reason) -> run.undecided(reason);
        default -> check.test(value, run);
      };
    }
  }
}
