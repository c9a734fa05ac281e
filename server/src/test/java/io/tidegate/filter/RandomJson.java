package io.tidegate.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Documents and filters by chance, small enough to hit each other often.
final class RandomJson {
  private static final List<String> NAMES = List.of("a", "b", "c");
  private static final List<String> SCALARS =
      List.of(
          "0", "1", "1.0", "2", "-1", "\"\"", "\"a\"", "\"ab\"", "\"1\"", "true", "false", "null");
  private static final List<String> REFERENCES =
      List.of("a", "b.a", "c[0]", "a[$index]", "a[$index].b", "zzz");

  private final RandomGenerator random;

  RandomJson(RandomGenerator random) {
    this.random = random;
  }

  String document(int depth) {
    return switch (depth == 0 ? 0 : random.nextInt(4)) {
      case 0 -> pick(SCALARS);
      case 1 -> "[" + String.join(",", several(() -> document(depth - 1))) + "]";
      default -> object(depth);
    };
  }

  private String object(int depth) {
    var members = new ArrayList<String>();
    for (var name : NAMES) {
      if (random.nextInt(3) > 0) {
        members.add(quoted(name) + ":" + document(depth - 1));
      }
    }
    if (random.nextInt(40) == 0) {
      members.add("\"a\":1");
    }
    return "{" + String.join(",", members) + "}";
  }

  /// A filter that compiles.
  String filter(int depth) {
    return switch (depth <= 0 ? random.nextInt(2) : random.nextInt(6)) {
      case 0 -> pick(SCALARS);
      case 1 -> leaf();
      case 2 -> "[" + String.join(",", several(() -> filter(depth - 1))) + "]";
      case 3 -> "{" + logic(depth) + "}";
      case 4 -> "{" + logic(depth) + "," + members(depth) + "}";
      default -> "{" + members(depth) + "}";
    };
  }

  /// Anything that looks like a filter; many have faults.
  String sketch(int depth) {
    return switch (depth == 0 ? 0 : random.nextInt(4)) {
      case 0 -> pick(SCALARS);
      case 1 -> "[" + String.join(",", several(() -> sketch(depth - 1))) + "]";
      default -> {
        var words = Operator.values();
        var members = new ArrayList<String>();
        for (var i = random.nextInt(3); i >= 0; i--) {
          var name =
              random.nextBoolean() ? pick(NAMES) : words[random.nextInt(words.length)].word();
          members.add(quoted(name) + ":" + sketch(depth - 1));
        }
        yield "{" + String.join(",", members) + "}";
      }
    };
  }

  private String members(int depth) {
    var name = pick(NAMES);
    var members = quoted(name) + ":" + filter(depth - 1);
    var other = pick(NAMES);
    return other.equals(name) ? members : members + "," + quoted(other) + ":" + filter(depth - 1);
  }

  private String logic(int depth) {
    return switch (random.nextInt(6)) {
      case 0 -> "\"$not\":" + filter(depth - 1);
      case 1 -> "\"$and\":[" + filter(depth - 1) + "," + filter(depth - 1) + "]";
      case 2 -> "\"$or\":[" + filter(depth - 1) + "," + filter(depth - 1) + "]";
      case 3 -> "\"$nor\":[" + filter(depth - 1) + "]";
      case 4 -> "\"$all\":{\"$and\":[" + filter(depth - 1) + "]}";
      default -> "\"$elemMatch\":{\"$and\":[" + filter(depth - 1) + "]}";
    };
  }

  private String leaf() {
    var operand = "{\"$ref\":" + quoted(pick(REFERENCES)) + "}";
    return switch (random.nextInt(12)) {
      case 0 -> "{\"$eq\":" + document(1).replace("\"a\":1,", "").replace(",\"a\":1}", "}") + "}";
      case 1 -> "{\"$neq\":" + pick(SCALARS) + "}";
      case 2 -> "{\"$gt\":" + pick(List.of("0", "1.5", "\"a\"")) + "}";
      case 3 -> "{\"$lte\":" + operand + "}";
      case 4 -> "{\"$in\":[" + pick(SCALARS) + "," + pick(SCALARS) + "]}";
      case 5 -> "{\"$nin\":[" + pick(SCALARS) + "," + pick(SCALARS) + "]}";
      case 6 -> "{\"$startsWith\":\"a\"}";
      case 7 -> "{\"$contains\":" + operand + "}";
      case 8 -> "{\"$exist\":" + random.nextBoolean() + "}";
      case 9 -> "{\"$type\":[\"number\",\"array\"]}";
      case 10 -> "{\"$size\":" + random.nextInt(3) + "}";
      default -> operand;
    };
  }

  private List<String> several(java.util.function.Supplier<String> one) {
    var found = new ArrayList<String>();
    for (var i = random.nextInt(4); i > 0; i--) {
      found.add(one.get());
    }
    return found;
  }

  private String pick(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }

  private static String quoted(String name) {
    return "\"" + name + "\"";
  }
}
