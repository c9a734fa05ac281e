package io.tidegate.bench;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// When requests are meant to leave.
sealed interface Pace {

  /// The moment at which the given request (counted from 0) is meant to leave. All moments are
  /// nanoseconds of the wire's clock.
  long intended(long request, long start, long now);

  /// This pace for one of several wires that share the work.
  Pace shared(int wires);

  /// Every connection sends again as soon as it has its reply: shows how much can be done.
  record Closed() implements Pace {
    @Override
    public long intended(long request, long start, long now) {
      return now;
    }

    @Override
    public Pace shared(int wires) {
      return this;
    }
  }

  /// Like `Closed`, but so that no more than so many are under way beyond the reply: what is done
  /// with requests after they were answered is not left behind.
  ///
  /// @param most requests beyond those that are done with
  record Ahead(long most, LongSupplier done) implements Pace {
    private static final long LOOK = TimeUnit.MICROSECONDS.toNanos(200);

    @Override
    public long intended(long request, long start, long now) {
      return request < most + done.getAsLong() ? now : now + LOOK;
    }

    @Override
    public Pace shared(int wires) {
      throw new UnsupportedOperationException("it is for one wire");
    }
  }

  /// A fixed rate, whether or not replies come. A request that leaves late, since the server held
  /// every connection, is still measured from the moment it was meant to leave; so a stall is paid
  /// by all whom it would have met.
  record Open(double perSecond) implements Pace {
    public Open {
      if (!(perSecond > 0)) {
        throw new IllegalArgumentException("a rate must be above 0, was " + perSecond);
      }
    }

    @Override
    public long intended(long request, long start, long now) {
      return start + (long) (request * (TimeUnit.SECONDS.toNanos(1) / perSecond));
    }

    @Override
    public Pace shared(int wires) {
      return new Open(perSecond / wires);
    }
  }
}
