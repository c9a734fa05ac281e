package io.tidegate.filter;

/// Where the compiler is in the text of a filter.
///
/// @param depth how many objects and arrays are around it
/// @param whole it is asked of the document as a whole, not of something in it
record Place(String pointer, int depth, boolean whole) {
  static final Place ROOT = new Place("", 0, true);

  /// A part that is asked of the same value.
  Place part(String name) {
    return new Place(below(name), depth + 1, whole);
  }

  /// A part that is asked of something inside the value.
  Place inside(String name) {
    return new Place(below(name), depth + 1, false);
  }

  Place inside(int position) {
    return inside(Integer.toString(position));
  }

  private String below(String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }
}
