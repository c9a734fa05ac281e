package io.tidegate.config;

import java.util.Comparator;

/// Where something stands in the file: line and column count from one, `path` is like
/// `bindings.north_http.routes[0].exit` and empty when a fault is about the text itself.
public record Place(String file, int line, int column, String path) implements Comparable<Place> {
  private static final Comparator<Place> ORDER =
      Comparator.comparing(Place::file)
          .thenComparingInt(Place::line)
          .thenComparingInt(Place::column)
          .thenComparing(Place::path);

  Place at(int otherLine, int otherColumn, String otherPath) {
    return new Place(file, otherLine, otherColumn, otherPath);
  }

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }

  /// `zilla.yaml:14: bindings.north_http.exit`
  @Override
  public String toString() {
    return file + ":" + line + (path.isEmpty() ? "" : ": " + path);
  }
}
