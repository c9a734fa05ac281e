package io.tidegate.delivery;

import io.tidegate.base.Time;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The time of day, without its leaps. A wall clock that is set forward by a day would let
/// everything expire at once, and one that is set back would hold up every retry: so it is followed
/// while it strays by less than a minute, and else time goes on from where it was.
final class SteadyClock {
  private static final Logger LOG = LoggerFactory.getLogger(SteadyClock.class);
  private static final Duration BELIEVED = Duration.ofMinutes(1);

  private final Time time;
  private Instant wall;
  private long nanos;
  private boolean strayed;

  SteadyClock(Time time) {
    this.time = time;
    this.wall = time.now();
    this.nanos = time.nanos();
  }

  synchronized Instant now() {
    var mark = time.nanos();
    var said = time.now();
    var steady = wall.plusNanos(mark - nanos);
    var leaps = Duration.between(steady, said).abs().compareTo(BELIEVED) > 0;
    if (leaps && !strayed) {
      LOG.warn("the clock leaped from {} to {}; deliveries go by what has passed", steady, said);
    }
    strayed = leaps;
    wall = leaps ? steady : said;
    nanos = mark;
    return wall;
  }
}
