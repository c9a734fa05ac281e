package io.tidegate.inbox;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// One object for equal values: a hundred thousand endpoints agree on much. Bounded; what comes
/// after that many different values is kept as it is. Any thread.
final class Shared {
  private static final int MOST = 4096;

  private final Map<Object, Object> values = new ConcurrentHashMap<>();

  @SuppressWarnings("unchecked") // equal values are of one class
  <V> V value(V value) {
    var known = values.get(value);
    if (known == null && values.size() < MOST) {
      known = values.putIfAbsent(value, value);
    }
    return known == null ? value : (V) known;
  }
}
