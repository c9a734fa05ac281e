package io.tidegate.edge;

import io.tidegate.http.Call;
import io.tidegate.http.Client.Failure;
import io.tidegate.http.Client.Limits;
import io.tidegate.http.Client.Result;
import io.tidegate.http.Client.Timings;
import io.tidegate.http.Reply;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One call on its way. Ends once, whoever is first: the reply, a fault, a limit, the caller.
///
///     waiting (for a connection) --> sending --> sent --first byte--> replying --> over
///        '-- total: BUSY                          '-- FIRST_BYTE_TIMEOUT  '-- total: TOTAL_TIMEOUT
final class OutboundCall extends Watch.Entry implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(OutboundCall.class);

  private static final int MOST_REPEATS = 5;

  final Call call;
  final Destination destination;
  final Limits limits;

  private final Consumer<Result> then;
  private final OutboundLoop loop;
  private final long begun = System.nanoTime();
  private final long total;
  private final long patience;
  private long name = -1;
  private long connect = -1;
  private long tls = -1;
  private long firstByte = -1;
  private long sentAt;
  private boolean sent;
  private int repeats;
  private boolean over;
  private @Nullable OutboundPool pool;
  private @Nullable OutboundLine line;

  OutboundCall(
      Call call, Destination destination, Limits limits, Consumer<Result> then, OutboundLoop loop) {
    this.call = call;
    this.destination = destination;
    this.limits = limits;
    this.then = then;
    this.loop = loop;
    this.total = limits.total().toNanos();
    this.patience = limits.firstByte().toNanos();
  }

  /// Begins, on its event loop.
  @Override
  public void run() {
    loop.admit(this);
  }

  boolean isOver() {
    return over;
  }

  /// Whether it was sent before.
  boolean isRepeated() {
    return repeats > 0;
  }

  void waits(OutboundPool in) {
    pool = in;
  }

  void rides(OutboundLine on) {
    pool = null;
    line = on;
    sent = false;
    firstByte = -1;
  }

  /// How long it took to have a connection that was made for it.
  void made(long nameNanos, long connectNanos, long tlsNanos) {
    name = nameNanos;
    connect = connectNanos;
    tls = tlsNanos;
  }

  /// The last byte of the request has left.
  void sent() {
    sentAt = System.nanoTime();
    sent = true;
  }

  /// Whether it was sent, and nobody heard of since.
  boolean hasWaitedSince(long moment) {
    return sent && firstByte < 0 && sentAt - moment > 0;
  }

  boolean isHeard() {
    return firstByte >= 0;
  }

  void heard() {
    if (firstByte < 0) {
      firstByte = sent ? System.nanoTime() - sentAt : 0;
    }
  }

  /// What was heard was not the reply itself, only that it will come.
  void heardInterim() {
    firstByte = -1;
  }

  /// Sends it again on another connection, unless that has been done before.
  ///
  /// @param unseen the server has said that it has not looked at it; then a few times
  boolean again(boolean unseen) {
    if (over || repeats >= (unseen ? MOST_REPEATS : 1)) {
      return false;
    }
    repeats++;
    line = null;
    loop.again(this);
    return true;
  }

  void replied(Reply reply, long length, String address) {
    line = null;
    end(new Result.Replied(reply, length, timings(), address));
  }

  /// The line has broken under it, or is of no use for it.
  void broken(Failure failure, String detail) {
    line = null;
    fail(failure, detail);
  }

  void fail(Failure failure, String detail) {
    end(new Result.Failed(failure, detail, timings()));
  }

  private void end(Result result) {
    if (over) {
      return;
    }
    over = true;
    loop.left(this);
    var on = line;
    line = null;
    if (on != null) {
      on.abandon(this);
    }
    var in = pool;
    pool = null;
    if (in != null) {
      in.leave(this);
    }
    try {
      then.accept(result);
    } catch (RuntimeException bug) {
      LOG.atError().setCause(bug).log("what follows an outbound call failed");
    }
  }

  private Timings timings() {
    return new Timings(name, connect, tls, firstByte, System.nanoTime() - begun);
  }

  /// Before it has begun, or on its event loop.
  void cancel(String why) {
    fail(Failure.CANCELLED, why);
  }

  /// For any thread.
  void cancelLater(String why) {
    loop.submit(this, () -> cancel(why));
  }

  @Override
  void check(long now) {
    if (now - begun > total) {
      if (pool != null && !pool.isDialling()) {
        fail(Failure.BUSY, "no connection to " + destination + " was free within " + shown(total));
      } else {
        fail(Failure.TOTAL_TIMEOUT, "the exchange took longer than " + shown(total));
      }
    } else if (sent && firstByte < 0 && now - sentAt > patience) {
      fail(
          Failure.FIRST_BYTE_TIMEOUT,
          "no reply began within " + shown(patience) + " after the request was sent");
    }
  }

  static String shown(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }
}
