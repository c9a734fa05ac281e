package io.tidegate.delivery;

import io.tidegate.plan.Pump;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// One host and port: what waits to be sent there, and what limits it. `Traffic` guards it.
final class Receiver {
  /// Among what is ready, a retry has its turn this often even if first attempts never end.
  private static final int RETRY_EVERY = 8;

  /// How long ends are counted before it is said how many there are a second.
  private static final long MEASURE = 500_000_000;

  private final String authority;
  private final Pump.Limits limits;
  private final Breaker breaker;
  private final ArrayDeque<Parcel> fresh = new ArrayDeque<>(4);
  private final ArrayDeque<Parcel> again = new ArrayDeque<>(4);

  /// Some of those, which go first. They stay in the other line, and are passed over there.
  private final ArrayDeque<Parcel> preferred = new ArrayDeque<>(1);

  private int waiting;
  private int inFlight;
  private int turn;
  private double tokens;
  private long filled;
  private long used;
  private long measured;
  private int ended;
  private long heard;
  private double pace;

  /// In line for its turn.
  boolean lined;

  /// There is an alarm that will put it in line.
  boolean alarmed;

  Receiver(String authority, Pump.Limits limits, Pump.Breaker breaker, long now) {
    this.authority = authority;
    this.limits = limits;
    this.breaker = new Breaker(breaker);
    this.tokens = burst();
    this.filled = now;
    this.used = now;
    this.measured = now;
    this.heard = now;
  }

  String authority() {
    return authority;
  }

  Breaker breaker() {
    return breaker;
  }

  int inFlight() {
    return inFlight;
  }

  int waiting() {
    return waiting;
  }

  boolean isEmpty() {
    return waiting == 0;
  }

  /// True when it may be forgotten.
  boolean isIdle(long now, long forgetAfter) {
    return isEmpty()
        && inFlight == 0
        && !lined
        && ((breaker.failures() == 0 && limits.perSecond().isEmpty()) || now - used > forgetAfter);
  }

  void add(Parcel parcel) {
    parcel.lined = true;
    waiting++;
    (parcel.attempts == 0 ? fresh : again).add(parcel);
  }

  /// Its contents came along with another's: it goes before those that must be read, so that they
  /// are not held for long.
  void prefer(Parcel parcel) {
    if (parcel.lined) {
      preferred.add(parcel);
    }
  }

  @Nullable Parcel poll() {
    var retry = !again.isEmpty() && (fresh.isEmpty() || ++turn % RETRY_EVERY == 0);
    var parcel = lined(preferred);
    parcel = parcel == null ? lined(retry ? again : fresh) : parcel;
    parcel = parcel == null ? lined(retry ? fresh : again) : parcel;
    if (parcel != null) {
      parcel.lined = false;
      waiting--;
    }
    return parcel;
  }

  private static @Nullable Parcel lined(ArrayDeque<Parcel> line) {
    var parcel = line.poll();
    while (parcel != null && !parcel.lined) {
      parcel = line.poll();
    }
    return parcel;
  }

  /// How long nothing may be sent: 0 when something may, negative when the end of something that is
  /// under way decides.
  long delay(long now) {
    if (inFlight >= limits.perAuthority()) {
      return -1;
    }
    var wait = breaker.delay(now);
    return wait != 0 || limits.perSecond().isEmpty() ? wait : fill(now);
  }

  private double burst() {
    return Math.max(1, limits.perSecond().orElse(1) / 10);
  }

  private long fill(long now) {
    var rate = limits.perSecond().orElseThrow();
    tokens = Math.min(burst(), tokens + (now - filled) * 1e-9 * rate);
    filled = now;
    return tokens >= 1 ? 0 : Math.max(1, (long) ((1 - tokens) / rate * 1e9));
  }

  void sent(long now) {
    if (inFlight == 0) {
      measured = now;
      ended = 0;
      heard = breaker.failures() == 0 ? now : heard;
    }
    inFlight++;
    tokens--;
    used = now;
    breaker.sent();
  }

  /// Requests that came to an end lately, a second.
  double pace(long now) {
    var elapsed = now - measured;
    if (elapsed >= MEASURE) {
      pace = ended * 1e9 / elapsed;
      ended = 0;
      measured = now;
    }
    return Math.max(pace, ended > 0 ? 1 : 0);
  }

  /// How long nothing has come back, in nanoseconds.
  long silence(long now) {
    return now - heard;
  }

  void ended(Traffic.Impression impression, long now) {
    inFlight--;
    ended++;
    heard = now;
    switch (impression) {
      case WORKS -> breaker.worked();
      case FAILS -> breaker.failed(now);
      case NONE -> breaker.ignored();
    }
  }
}
