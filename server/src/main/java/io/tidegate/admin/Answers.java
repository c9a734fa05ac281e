package io.tidegate.admin;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.http.Responder;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Bounds what answers about what happened take together: each may need some ten megabytes while it
/// is made, and stays in memory until whoever asked has read it. Few are made at a time, some wait
/// for that, all others are asked to come back; and what is made and not yet read is bounded in
/// bytes. One tenant gets no more than a part of all that, so that others are answered.
///
///     asked --full--> 503
///       '--waits--> made --too much unread--> 503
///                    '--> on its way --read, or gone--> over
///
/// For virtual threads; any number of them.
final class Answers {
  private static final int SMALL = 256 << 10;
  private static final int PIECE = 64 << 10;

  private final Bounds bounds;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition freed = lock.newCondition();
  private final Map<String, Share> shares = new HashMap<>();
  private final Share all = new Share();

  /// @param most for everybody together, `ofOne` for one of those who ask
  /// @param patience for how long an answer waits to be made
  record Bounds(Limit most, Limit ofOne, Duration patience) {
    static final Bounds USUAL =
        new Bounds(new Limit(4, 64, 64L << 20), new Limit(2, 16, 24L << 20), Duration.ofSeconds(5));
  }

  /// @param making answers that are made
  /// @param waiting those that wait for that
  /// @param bytes of what is made and was not read yet
  record Limit(int making, int waiting, long bytes) {}

  /// What is under way. Guarded by the lock.
  private static final class Share {
    int making;
    int waiting;
    long bytes;

    boolean isNone() {
      return making == 0 && waiting == 0 && bytes == 0;
    }

    /// One answer alone may be larger than what is allowed for several.
    boolean has(long more, Limit limit) {
      return bytes == 0 || bytes + more <= limit.bytes();
    }
  }

  Answers(Bounds bounds) {
    this.bounds = bounds;
  }

  /// Makes an answer and sends it, or one that says that there is no room.
  ///
  /// @param who asks
  void answer(String who, Supplier<Reply> made, Responder responder) {
    if (!begin(who)) {
      responder.reply(full());
      return;
    }
    Reply reply;
    try {
      reply = made.get();
    } finally {
      end(who);
    }
    if (reply.body().size() <= SMALL) {
      responder.reply(reply);
    } else if (take(who, reply.body().size())) {
      send(reply, responder, () -> give(who, reply.body().size()));
    } else {
      responder.reply(full());
    }
  }

  private static Reply full() {
    return OutpostJson.error(
        503, "too many requests about what happened are under way; try again in a moment");
  }

  private boolean begin(String who) {
    lock.lock();
    try {
      var share = shares.computeIfAbsent(who, _ -> new Share());
      try {
        return isFree(share) || awaitPlace(share);
      } finally {
        forget(who, share);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isFree(Share share) {
    if (all.making < bounds.most().making() && share.making < bounds.ofOne().making()) {
      all.making++;
      share.making++;
      return true;
    }
    return false;
  }

  private boolean awaitPlace(Share share) {
    if (all.waiting >= bounds.most().waiting() || share.waiting >= bounds.ofOne().waiting()) {
      return false;
    }
    all.waiting++;
    share.waiting++;
    try {
      for (var left = bounds.patience().toNanos(); left > 0; ) {
        left = freed.awaitNanos(left);
        if (isFree(share)) {
          return true;
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      all.waiting--;
      share.waiting--;
    }
    return false;
  }

  private void end(String who) {
    change(
        who,
        share -> {
          all.making--;
          share.making--;
          freed.signalAll();
          return true;
        });
  }

  private boolean take(String who, long bytes) {
    return change(
        who,
        share -> {
          var fits = all.has(bytes, bounds.most()) && share.has(bytes, bounds.ofOne());
          all.bytes += fits ? bytes : 0;
          share.bytes += fits ? bytes : 0;
          return fits;
        });
  }

  private void give(String who, long bytes) {
    change(
        who,
        share -> {
          all.bytes -= bytes;
          share.bytes -= bytes;
          return true;
        });
  }

  private boolean change(String who, java.util.function.Predicate<Share> change) {
    lock.lock();
    try {
      var share = shares.computeIfAbsent(who, _ -> new Share());
      var done = change.test(share);
      forget(who, share);
      return done;
    } finally {
      lock.unlock();
    }
  }

  private void forget(String who, Share share) {
    if (share.isNone()) {
      shares.remove(who, share);
    }
  }

  /// In pieces, so that a slow reader is seen to read. It is over when the socket has all of it.
  private static void send(Reply reply, Responder responder, Runnable over) {
    var told = new AtomicBoolean();
    Runnable once =
        () -> {
          if (told.compareAndSet(false, true)) {
            over.run();
          }
        };
    var body = reply.body();
    var length = Headers.of("content-length", Integer.toString(body.size()));
    responder.onGone(once);
    var out = responder.open(reply.status(), reply.headers().withAll(length));
    for (var piece : pieces(body)) {
      out.write(piece);
    }
    out.onDrained(0, once);
    out.end();
  }

  private static List<Bytes> pieces(Bytes body) {
    var all = body.array();
    return java.util.stream.IntStream.iterate(0, from -> from < all.length, from -> from + PIECE)
        .mapToObj(
            from -> Bytes.wrap(Arrays.copyOfRange(all, from, Math.min(all.length, from + PIECE))))
        .toList();
  }
}
