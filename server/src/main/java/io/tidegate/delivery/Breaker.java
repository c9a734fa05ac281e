package io.tidegate.delivery;

import io.tidegate.plan.Pump;

/// Stops the traffic to a receiver that only fails, and lets one request through now and then to see
/// whether it is back.
///
///     closed --failures in a row--> open --pause--> half open --one probe: well--> closed
///                                    ^                  '--fails: twice the pause--'
///
/// Not thread-safe; time is the clock's nanoseconds.
final class Breaker {
  enum State {
    CLOSED,
    OPEN,
    HALF_OPEN
  }

  private final Pump.Breaker rules;
  private int failures;
  private long pause;
  private long until;
  private State state = State.CLOSED;
  private boolean probing;

  Breaker(Pump.Breaker rules) {
    this.rules = rules;
  }

  State state() {
    return state;
  }

  int failures() {
    return failures;
  }

  /// How long nothing may be sent: 0 when something may, negative when the end of a probe decides.
  long delay(long now) {
    return switch (state) {
      case CLOSED -> 0;
      case OPEN -> Math.max(0, until - now);
      case HALF_OPEN -> probing ? -1 : 0;
    };
  }

  /// Something is sent. Only when nothing has to wait.
  void sent() {
    if (state != State.CLOSED) {
      state = State.HALF_OPEN;
      probing = true;
    }
  }

  /// What was sent came back without saying anything about the receiver.
  void ignored() {
    probing = false;
  }

  void worked() {
    failures = 0;
    pause = 0;
    probing = false;
    state = State.CLOSED;
  }

  void failed(long now) {
    failures++;
    var failsAgain = state == State.HALF_OPEN && probing;
    probing = false;
    if (rules.failures() > 0
        && (failsAgain || (state == State.CLOSED && failures >= rules.failures()))) {
      pause =
          pause == 0
              ? rules.pause().toNanos()
              : Math.min(2 * pause, Math.max(rules.max().toNanos(), rules.pause().toNanos()));
      until = now + pause;
      state = State.OPEN;
    }
  }
}
