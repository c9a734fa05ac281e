package io.tidegate.bench;

import java.util.Comparator;
import java.util.PriorityQueue;

/// Connections to a server whose every reply is known beforehand, under a clock that jumps from one
/// event to the next.
final class ScriptedWire implements Wire {

  private final int connections;
  private final Script script;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::moment));
  private long now;
  private long sent;

  /// What the server does with a request.
  interface Script {
    /// @param number of the request, from 0
    Event answer(long number, int connection, long now);
  }

  /// @param status 0 when the connection breaks
  record Event(long moment, int connection, int status) {}

  ScriptedWire(int connections, Script script) {
    this.connections = connections;
    this.script = script;
  }

  @Override
  public int connections() {
    return connections;
  }

  @Override
  public long now() {
    return now;
  }

  @Override
  public void send(int connection, long moment) {
    events.add(script.answer(sent++, connection, now));
  }

  @Override
  public void await(long until, Arrivals arrivals) {
    var next = events.peek();
    if (next == null || next.moment() > until) {
      now = Math.max(now, until);
      return;
    }
    events.remove();
    now = Math.max(now, next.moment());
    if (next.status() == 0) {
      arrivals.broke(next.connection());
    } else {
      arrivals.replied(next.connection(), next.status());
    }
  }

  @Override
  public void close() {}
}
