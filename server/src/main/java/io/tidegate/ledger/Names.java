package io.tidegate.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/// Numbers for texts that repeat. For the writer alone.
final class Names implements AutoCloseable {
  private static final int MOST_REMEMBERED = 200_000;

  private final PreparedStatement find;
  private final PreparedStatement add;
  private final Map<String, Long> known =
      new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  Names(Connection connection) throws SQLException {
    find = connection.prepareStatement("SELECT id FROM names WHERE text = ?");
    add = connection.prepareStatement("INSERT INTO names (text) VALUES (?) RETURNING id");
  }

  long of(String text) throws SQLException {
    var remembered = known.get(text);
    if (remembered != null) {
      return remembered;
    }
    var number = look(find, text);
    if (number < 0) {
      number = look(add, text);
    }
    known.put(text, number);
    return number;
  }

  private static long look(PreparedStatement statement, String text) throws SQLException {
    statement.setString(1, text);
    try (var found = statement.executeQuery()) {
      return found.next() ? found.getLong(1) : -1;
    }
  }

  /// What was added may have been taken back.
  void forget() {
    known.clear();
  }

  @Override
  public void close() throws SQLException {
    find.close();
    add.close();
  }
}
