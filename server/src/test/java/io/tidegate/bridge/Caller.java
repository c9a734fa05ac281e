package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.http.Responder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// A caller on paper: keeps what it is told, hangs up when asked to, reads a stream as fast or slow
/// as the test wants.
final class Caller implements Responder, Responder.Outflow {
  private final AtomicReference<Reply> reply = new AtomicReference<>();
  private final CountDownLatch answered = new CountDownLatch(1);
  private final List<Runnable> onGone = new ArrayList<>();
  private final ByteArrayOutputStream streamed = new ByteArrayOutputStream();
  private boolean slow;
  private boolean gone;
  private boolean ended;
  private boolean aborted;
  private long queued;
  private long mostQueued;
  private Runnable onDrained;

  @Override
  public void reply(Reply first) {
    if (reply.compareAndSet(null, first)) {
      answered.countDown();
    }
  }

  @Override
  public Outflow open(int status, Headers headers) {
    reply(Reply.of(status, headers));
    return this;
  }

  @Override
  public synchronized void onGone(Runnable action) {
    if (gone) {
      action.run();
    } else {
      onGone.add(action);
    }
  }

  synchronized void hangUp() {
    gone = true;
    onGone.forEach(Runnable::run);
  }

  @Override
  public synchronized long write(Bytes piece) {
    streamed.writeBytes(piece.array());
    queued = slow ? queued + piece.size() : 0;
    mostQueued = Math.max(mostQueued, queued);
    return queued;
  }

  @Override
  public synchronized void onDrained(long bytes, Runnable action) {
    onDrained = action;
  }

  /// Takes everything that is queued. False when nobody was waiting for that.
  boolean drain() {
    Runnable action;
    synchronized (this) {
      queued = 0;
      action = onDrained;
      onDrained = null;
    }
    if (action != null) {
      action.run();
    }
    return action != null;
  }

  @Override
  public synchronized void end() {
    ended = true;
  }

  @Override
  public synchronized void abort() {
    aborted = true;
  }

  Caller reads(boolean slowly) {
    slow = slowly;
    return this;
  }

  Caller awaitReply(Duration limit) {
    try {
      if (!answered.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("no reply within " + limit);
      }
      return this;
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  boolean isAnswered() {
    return reply.get() != null;
  }

  Reply reply() {
    var given = reply.get();
    if (given == null) {
      throw new AssertionError("no reply yet");
    }
    return given;
  }

  int status() {
    return reply().status();
  }

  String body() {
    return reply().body().utf8();
  }

  Optional<String> header(String name) {
    return reply().headers().first(name);
  }

  synchronized String streamed() {
    return streamed.toString(StandardCharsets.UTF_8);
  }

  synchronized boolean isEnded() {
    return ended;
  }

  synchronized boolean isAborted() {
    return aborted;
  }

  synchronized long mostQueued() {
    return mostQueued;
  }
}
