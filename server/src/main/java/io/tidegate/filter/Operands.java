package io.tidegate.filter;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Reads what stands behind an operator, strictly: what an operator cannot use is a fault, and some
/// harmless operand goes on in its place.
final class Operands {
  static final int LONGEST_TEXT = 4096;
  static final int MOST_ITEMS = 1000;

  private static final String REF = Operator.REF.word();
  private static final Operand NONE = new Operand.Constant(Json.Nothing.NULL);
  private static final List<String> TYPES =
      List.of("string", "number", "boolean", "null", "array", "object");

  private final Faults faults;
  private boolean usesIndex;

  Operands(Faults faults) {
    this.faults = faults;
  }

  /// Whether a reference asks for the position in an array.
  boolean usesIndex() {
    return usesIndex;
  }

  /// Any value.
  Operand value(Json operand, Place place) {
    if (isReference(operand)) {
      return reference(operand, place);
    }
    checkLiteral(operand, place);
    return new Operand.Constant(operand);
  }

  /// A number or a text.
  Operand bound(Json operand, Place place) {
    if (isReference(operand)) {
      return reference(operand, place);
    }
    if (operand instanceof Num || operand instanceof Json.Text) {
      checkLiteral(operand, place);
      return new Operand.Constant(operand);
    }
    faults.add(place, operand, "a number, a text or {\"$ref\": …}");
    return NONE;
  }

  /// A text or several.
  Operand texts(Json operand, Place place) {
    if (isReference(operand)) {
      return reference(operand, place);
    }
    var isGood =
        switch (operand) {
          case Json.Text _ -> true;
          case Json.Items items -> items.size() > 0 && holdsTextsOnly(items);
          default -> false;
        };
    if (!isGood) {
      faults.add(place, operand, "a text, a list of texts or {\"$ref\": …}");
      return NONE;
    }
    checkLiteral(operand, place);
    return new Operand.Constant(operand);
  }

  /// One text.
  Operand text(Json operand, Place place) {
    if (operand instanceof Json.Items) {
      faults.add(place, operand, "a text or {\"$ref\": …}");
      return NONE;
    }
    return texts(operand, place);
  }

  /// A list of scalars.
  Check list(Json operand, Place place) {
    if (isReference(operand) && reference(operand, place) instanceof Reference reference) {
      return new Check.InList(reference);
    }
    var texts = new HashSet<String>();
    var numbers = new ArrayList<Num>();
    var others = new HashSet<Json>();
    if (operand instanceof Json.Items items) {
      checkLiteral(items, place);
      for (var i = 0; i < items.size(); i++) {
        switch (items.at(i)) {
          case Json.Text(var text) -> texts.add(text);
          case Num number -> numbers.add(number);
          case Json.Flag flag -> others.add(flag);
          case Json.Nothing nothing -> others.add(nothing);
          case Json.Unreadable _ -> {}
          case Json.Items _, Fields _ ->
              faults.add(place.inside(i), items.at(i), "a text, a number, true, false or null");
        }
      }
    } else if (!isReference(operand)) {
      var meant =
          operand instanceof Json.Text
              ? Optional.of(Operator.CONTAINS.word())
              : Optional.<String>empty();
      faults.add(place, Shown.value(operand), "a list of values or {\"$ref\": …}", meant);
    }
    numbers.sort(null);
    return new Check.OneOf(Set.copyOf(texts), List.copyOf(numbers), Set.copyOf(others));
  }

  boolean flag(Json operand, Place place) {
    if (operand instanceof Json.Flag(var value)) {
      return value;
    }
    faults.add(place, operand, "true or false");
    return true;
  }

  Set<String> types(Json operand, Place place) {
    var types = new HashSet<String>();
    var words = operand instanceof Json.Items items ? items : new Json.Items(new Json[] {operand});
    for (var i = 0; i < words.size(); i++) {
      if (words.at(i) instanceof Json.Text(var word) && TYPES.contains(word)) {
        types.add(word);
      } else {
        var guess =
            words.at(i) instanceof Json.Text(var word)
                ? TYPES.stream()
                    .filter(type -> type.startsWith(word.toLowerCase(Locale.ROOT)))
                    .findFirst()
                : Optional.<String>empty();
        var at = operand instanceof Json.Items ? place.inside(i) : place;
        var expected = "one of " + String.join(", ", TYPES);
        faults.add(at, Shown.value(words.at(i)), expected, guess);
      }
    }
    return Set.copyOf(types);
  }

  Pattern regex(Json operand, Place place) {
    var expected = "a regular expression of at most " + Regex.LONGEST + " characters (RE2 syntax)";
    if (!(operand instanceof Json.Text(var text))) {
      faults.add(place, operand, expected);
      return Pattern.compile("");
    }
    var fault = Regex.fault(text);
    fault.ifPresent(seen -> faults.add(place, seen, expected, Optional.empty()));
    return Pattern.compile(fault.isPresent() ? "" : text);
  }

  /// The path behind `$ref`.
  Operand path(Json path, Place place) {
    var found = path instanceof Json.Text(var text) ? Reference.parse(text) : null;
    if (found == null) {
      faults.add(place, path, "a path such as data.items[0].price");
      return NONE;
    }
    usesIndex |= found.usesIndex();
    return found;
  }

  private Operand reference(Json operand, Place place) {
    var fields = (Fields) operand;
    if (fields.size() > 1) {
      faults.add(place, operand, "{\"$ref\": …} with nothing beside it");
      return NONE;
    }
    return path(fields.valueAt(0), place.inside(REF));
  }

  private static boolean isReference(Json operand) {
    return operand instanceof Fields fields && fields.get(REF) != null;
  }

  private static boolean holdsTextsOnly(Json.Items items) {
    for (var i = 0; i < items.size(); i++) {
      if (!(items.at(i) instanceof Json.Text)) {
        return false;
      }
    }
    return true;
  }

  /// A value to compare with: readable, not too long, and without operators, which would not be
  /// looked at.
  void checkLiteral(Json value, Place place) {
    switch (value) {
      case Json.Unreadable(var reason) ->
          faults.add(place, reason, "JSON in which each name is given once", Optional.empty());
      case Json.Text(var text) when text.length() > LONGEST_TEXT ->
          faults.add(place, value, "a text of at most " + LONGEST_TEXT + " characters");
      case Json.Items items when items.size() > MOST_ITEMS ->
          faults.add(place, value, "at most " + MOST_ITEMS + " values");
      case Json.Items items -> {
        for (var i = 0; i < items.size(); i++) {
          checkLiteral(items.at(i), place.inside(i));
        }
      }
      case Fields fields -> checkMembers(fields, place);
      case Json.Text _, Num _, Json.Flag _, Json.Nothing _ -> {}
    }
  }

  private void checkMembers(Fields fields, Place place) {
    if (place.depth() > Compiler.DEEPEST) {
      faults.add(place, fields, "nesting of at most " + Compiler.DEEPEST);
      return;
    }
    for (var i = 0; i < fields.size(); i++) {
      var inside = place.inside(fields.nameAt(i));
      if (fields.nameAt(i).startsWith("$")) {
        faults.add(
            inside,
            "'" + Shown.text(fields.nameAt(i)) + "'",
            "no operator in a value",
            Optional.empty());
      }
      checkLiteral(fields.valueAt(i), inside);
    }
  }
}
