package io.tidegate.filter;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Another place of the same document, from its root: `data.items[0].price`, `["a.b"].c`.
///
/// `[$index]` is the position in the array around the value under test; the first one in the path
/// is that of the outermost array, and so on inwards.
record Reference(List<Step> steps) implements Operand {
  private static final int MOST_STEPS = 32;
  private static final String INDEX = "$index";

  sealed interface Step {
    record Name(String name) implements Step {}

    record At(int position) implements Step {}

    /// @param array which of the arrays around, 0 is the outermost
    record Current(int array) implements Step {}
  }

  /// Null when it is not a path.
  static @Nullable Reference parse(String path) {
    var rest = path.startsWith("$.") ? path.substring(2) : path;
    var steps = new ArrayList<Step>();
    var at = 0;
    while (at < rest.length() && steps.size() <= MOST_STEPS) {
      if (rest.charAt(at) == '[') {
        var end = endOfBracket(rest, at);
        var step = end < 0 ? null : bracket(rest.substring(at + 1, end), steps);
        if (step == null) {
          return null;
        }
        steps.add(step);
        at = end + 1;
      } else {
        var from = rest.charAt(at) == '.' && at > 0 ? at + 1 : at;
        at = endOfName(rest, from);
        if (at == from) {
          return null;
        }
        steps.add(new Step.Name(rest.substring(from, at)));
      }
    }
    return steps.isEmpty() || at < rest.length() ? null : new Reference(List.copyOf(steps));
  }

  boolean usesIndex() {
    return steps.stream().anyMatch(Step.Current.class::isInstance);
  }

  @Override
  public @Nullable Json resolve(Evaluation run) {
    if (!run.spend(steps.size())) {
      run.tooMuch();
      return new Json.Unreadable("not looked up any more");
    }
    @Nullable Json value = run.root();
    for (var i = 0; i < steps.size() && value != null; i++) {
      if (value instanceof Json.Unreadable) {
        return value;
      }
      value =
          switch (steps.get(i)) {
            case Step.Name(var name) -> value instanceof Fields fields ? fields.get(name) : null;
            case Step.At(var position) -> at(value, position);
            case Step.Current(var array) -> at(value, run.position(array));
          };
    }
    return value;
  }

  private static @Nullable Json at(Json value, int position) {
    var isThere = value instanceof Json.Items items && position >= 0 && position < items.size();
    return isThere ? ((Json.Items) value).at(position) : null;
  }

  private static int endOfName(String path, int from) {
    var at = from;
    while (at < path.length() && ".[]".indexOf(path.charAt(at)) < 0) {
      at++;
    }
    return at;
  }

  private static int endOfBracket(String path, int open) {
    return path.startsWith("[\"", open)
        ? path.indexOf("\"]", open + 2) < 0 ? -1 : path.indexOf("\"]", open + 2) + 1
        : path.indexOf(']', open);
  }

  private static @Nullable Step bracket(String inside, List<Step> before) {
    if (inside.equals(INDEX)) {
      return new Step.Current((int) before.stream().filter(Step.Current.class::isInstance).count());
    }
    if (inside.length() > 2 && inside.startsWith("\"") && inside.endsWith("\"")) {
      return new Step.Name(inside.substring(1, inside.length() - 1));
    }
    return inside.matches("[0-9]{1,9}") ? new Step.At(Integer.parseInt(inside)) : null;
  }
}
