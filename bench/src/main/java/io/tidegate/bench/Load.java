package io.tidegate.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;

/// Drives one wire at a pace and keeps the tally. Runs on the caller's thread, and knows the time
/// only from the wire, so that a wire with an invented clock shows whether the figures are right.
///
///     idle --due--> in flight --replied|broke--> idle
final class Load implements Wire.Arrivals {

  private static final long GRACE = Duration.ofSeconds(10).toNanos();

  private final Wire wire;
  private final Pace pace;
  private final Span span;
  private final Tally tally = new Tally();
  private final ArrayDeque<Integer> idle = new ArrayDeque<>();
  private final long[] intended;
  private long requests;
  private long wake;

  Load(Wire wire, Pace pace, Span span) {
    this.wire = wire;
    this.pace = pace;
    this.span = span;
    intended = new long[wire.connections()];
    for (var connection = 0; connection < intended.length; connection++) {
      idle.add(connection);
    }
  }

  /// Returns when the span is over and every reply is in, or ten seconds later.
  Tally run() throws IOException {
    wake = span.start();
    while (wire.now() < span.until()) {
      sendWhatIsDue();
      wire.await(wake, this);
    }
    sendWhatIsDue();
    var end = span.until() + GRACE;
    while (idle.size() < intended.length && wire.now() < end) {
      wire.await(end, this);
    }
    countUnfinished();
    return tally;
  }

  /// After the end of the span that is only what a fixed rate still owes from before.
  private void sendWhatIsDue() {
    var now = wire.now();
    wake = span.until();
    while (!idle.isEmpty()) {
      var moment = pace.intended(requests, span.start(), now);
      if (moment > now || moment >= span.until()) {
        wake = Math.min(moment, span.until());
        return;
      }
      var connection = idle.remove();
      intended[connection] = moment;
      requests++;
      wire.send(connection, moment);
    }
  }

  @Override
  public void replied(int connection, int status) {
    var now = wire.now();
    if (span.measures(now)) {
      if (status >= 200 && status < 300) {
        tally.completed();
      } else {
        tally.refused(status);
      }
    }
    settle(connection, now);
  }

  @Override
  public void broke(int connection) {
    tally.broke();
    settle(connection, wire.now());
  }

  private void settle(int connection, long now) {
    if (span.measures(intended[connection])) {
      tally.latency(now - intended[connection]);
    }
    idle.add(connection);
    sendWhatIsDue();
  }

  /// Those without a reply, and those for which no connection became free in all that time.
  private void countUnfinished() {
    var now = wire.now();
    for (var connection = 0; connection < intended.length; connection++) {
      if (!idle.contains(connection) && span.measures(intended[connection])) {
        tally.unfinished(now - intended[connection]);
      }
    }
    for (var owed = requests; ; owed++) {
      var moment = pace.intended(owed, span.start(), now);
      if (moment >= span.until()) {
        return;
      }
      if (span.measures(moment)) {
        tally.unfinished(now - moment);
      }
    }
  }
}
