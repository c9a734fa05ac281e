package io.tidegate.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Texts for numbers and numbers for texts, as readers see them. For one search.
final class Lookup implements AutoCloseable {
  private final java.sql.PreparedStatement text;
  private final java.sql.PreparedStatement number;
  private final Map<Long, String> known = new HashMap<>();

  Lookup(Connection connection) throws SQLException {
    text = connection.prepareStatement("SELECT text FROM names WHERE id = ?");
    number = connection.prepareStatement("SELECT id FROM names WHERE text = ?");
  }

  String text(long id) throws SQLException {
    var remembered = known.get(id);
    if (remembered != null) {
      return remembered;
    }
    text.setLong(1, id);
    try (var found = text.executeQuery()) {
      var read = found.next() ? found.getString(1) : "";
      known.put(id, read);
      return read;
    }
  }

  /// Those that are known; -1, which nothing has, when none of several is.
  List<Long> numbers(List<String> texts) throws SQLException {
    var numbers = new ArrayList<Long>();
    for (var each : texts) {
      number.setString(1, each);
      try (var found = number.executeQuery()) {
        if (found.next()) {
          numbers.add(found.getLong(1));
        }
      }
    }
    return numbers.isEmpty() && !texts.isEmpty() ? List.of(-1L) : numbers;
  }

  @Override
  public void close() throws SQLException {
    text.close();
    number.close();
  }
}
