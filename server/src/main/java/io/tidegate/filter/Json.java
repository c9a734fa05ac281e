package io.tidegate.filter;

/// A JSON value that was read once and never changes. A value that is not there is `null` in Java;
/// the `null` of JSON is `Nothing`.
sealed interface Json
    permits Json.Text, Json.Flag, Json.Nothing, Json.Items, Json.Unreadable, Num, Fields {

  record Text(String text) implements Json {}

  record Flag(boolean value) implements Json {
    static final Flag TRUE = new Flag(true);
    static final Flag FALSE = new Flag(false);
  }

  enum Nothing implements Json {
    NULL
  }

  /// The elements of an array.
  final class Items implements Json {
    static final Items NONE = new Items(new Json[0]);

    private final Json[] elements;

    /// The caller gives the array up.
    Items(Json[] elements) {
      this.elements = elements;
    }

    int size() {
      return elements.length;
    }

    Json at(int index) {
      return elements[index];
    }
  }

  /// Something is there, but what it is cannot be said. No filter may guess.
  record Unreadable(String reason) implements Json {}

  /// A value that is neither array nor object nor unreadable.
  static boolean isScalar(Json value) {
    return value instanceof Text
        || value instanceof Num
        || value instanceof Flag
        || value instanceof Nothing;
  }

  /// The word for its type, as `$type` knows it.
  static String typeOf(Json value) {
    return switch (value) {
      case Text _ -> "string";
      case Num _ -> "number";
      case Flag _ -> "boolean";
      case Nothing _ -> "null";
      case Items _ -> "array";
      case Fields _ -> "object";
      case Unreadable _ -> "unreadable";
    };
  }
}
