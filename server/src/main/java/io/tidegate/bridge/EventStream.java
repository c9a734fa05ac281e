package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.http.Headers;
import io.tidegate.http.Responder;
import io.tidegate.http.Responder.Outflow;
import io.tidegate.http.SessionWatch;
import io.tidegate.log.RecordLog.From;
import io.tidegate.plan.StreamMapping.Manner;
import io.tidegate.view.Event;
import io.tidegate.view.Match;
import io.tidegate.view.TopicView;
import io.tidegate.view.TopicView.Follow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One reader of an event stream.
///
///     waiting --topic is there--> open --reader leaves, falls too far behind, or must--> over
///
/// It asks the view for as many events as fit into a window of bytes, and for more as the socket
/// takes them; a reader that takes nothing costs that window and no more. Events come on any thread,
/// one call at a time; the tick comes on another.
final class EventStream implements TopicView.Reader {
  private static final int WINDOW = 128 << 10;
  private static final long MOST_QUEUED = 64 << 10;
  private static final long GO_ON_AT = 16 << 10;
  private static final long FAR_TOO_MUCH = 1 << 20;
  private static final int FIRST_EVENTS = 32;
  private static final int MOST_EVENTS = 1024;
  private static final long STALLED = Duration.ofSeconds(45).toNanos();

  /// Beyond this a pause of the reader is no hiccup, and how far it is behind counts.
  private static final long HICCUP = Duration.ofSeconds(5).toNanos();

  private final Order order;
  private final Responder responder;
  private final LiveStreams live;
  private final Time time;
  private final SessionWatch session;

  private volatile @Nullable Follow follow;
  private volatile @Nullable Outflow out;
  private volatile @Nullable Event last;
  private volatile long lastWrite;
  private @Nullable Event lookedAt; // the tick's alone
  private boolean wasAbreast; // the tick's alone

  // guarded by this
  private long outstanding;
  private long usualSize = 256;
  private long pausedSince;
  private boolean paused;
  private boolean detached;
  private boolean over;

  EventStream(Order order, Responder responder, LiveStreams live, Time time, SessionWatch session) {
    this.order = order;
    this.responder = responder;
    this.live = live;
    this.time = time;
    this.session = session;
  }

  /// What one reader wants.
  ///
  /// @param missing run when the topic turns out not to be readable, before anything was sent
  record Order(
      TopicView view,
      Match match,
      StreamForm form,
      Manner manner,
      boolean idWasUnreadable,
      Runnable missing) {}

  /// @param next where the reader goes on, partition by partition; `otherwise` says where in others
  void begin(Map<Integer, Long> next, From otherwise) {
    responder.onGone(this::close);
    responder.onClosing(() -> endWith("this instance stops, come back with the last id"));
    attach(next, otherwise);
  }

  private void attach(Map<Integer, Long> next, From otherwise) {
    var following = order.view.follow(order.match, next, otherwise, this);
    follow = following;
    synchronized (this) {
      detached = false;
      if (over) {
        following.close();
        return;
      }
      outstanding = FIRST_EVENTS;
    }
    following.request(FIRST_EVENTS);
  }

  @Override
  public void started() {
    if (out != null) {
      return; // the same stream, read on
    }
    var headers =
        Headers.of(
            "content-type", order.form.text().contentType(),
            "cache-control", "no-store",
            "x-accel-buffering", "no");
    lastWrite = time.nanos();
    var opened = responder.open(200, headers);
    out = opened;
    var text = order.form.text();
    var preamble = new StringBuilder();
    order.manner.retry().ifPresent(wait -> preamble.append(text.retry(wait.toMillis())));
    if (order.manner.initialComment()) {
      preamble.append(text.comment(""));
    }
    if (order.idWasUnreadable) {
      preamble.append(text.comment("the last event id is not one of ours, all is sent again"));
    }
    if (!preamble.isEmpty()) {
      opened.write(Bytes.utf8(preamble.toString()));
    }
    live.enter(this);
    if (isOver()) {
      live.leave(this);
    }
  }

  @Override
  public void records(List<Event> events) {
    var to = out;
    if (to == null || isOver()) {
      return;
    }
    int from = 0;
    while (from < events.size()) {
      int end = upToWindow(events, from);
      var batch = from == 0 && end == events.size() ? events : events.subList(from, end);
      var bytes = order.form.bytes(batch);
      last = batch.getLast();
      lastWrite = time.nanos();
      live.delivered(batch.size(), bytes.size());
      long queued = to.write(bytes);
      if (queued > FAR_TOO_MUCH) {
        detach(to, batch.getLast());
        return;
      }
      from = end;
      if (from == events.size()) {
        settle(to, events.size(), bytes.size() / batch.size(), queued);
      }
    }
  }

  /// Large events are written a few at a time, so that what is queued stays bounded.
  private static int upToWindow(List<Event> events, int from) {
    long bytes = 0;
    int end = from;
    while (end < events.size() && bytes < WINDOW) {
      var value = events.get(end++).stored().value();
      bytes += value == null ? 0 : value.size();
    }
    return end;
  }

  /// Asks for more, now or when the reader has taken what it has.
  private void settle(Outflow to, int count, long size, long queued) {
    long more;
    synchronized (this) {
      outstanding -= count;
      usualSize = Math.max(1, (usualSize * 3 + size) / 4);
      if (over || paused) {
        return;
      }
      if (queued > MOST_QUEUED) {
        pause();
        more = 0;
      } else {
        more = grant();
      }
    }
    if (queued > MOST_QUEUED) {
      to.onDrained(GO_ON_AT, this::goOn);
    } else {
      ask(more);
    }
  }

  private void pause() {
    paused = true;
    pausedSince = time.nanos();
  }

  private long grant() {
    long target = Math.clamp(WINDOW / usualSize, 1, MOST_EVENTS);
    long more = outstanding > target / 2 ? 0 : target - outstanding;
    outstanding += more;
    return more;
  }

  private void ask(long more) {
    var following = follow;
    if (more > 0 && following != null) {
      following.request((int) more);
    }
  }

  /// Lets go of events that were handed over already: they are read again when there is room.
  private void detach(Outflow to, Event handed) {
    boolean wasPaused;
    synchronized (this) {
      last = handed;
      detached = true;
      wasPaused = paused;
      pause();
    }
    closeFollow();
    if (!wasPaused) {
      to.onDrained(GO_ON_AT, this::goOn);
    }
  }

  private void goOn() {
    boolean again;
    long more;
    synchronized (this) {
      if (over) {
        return;
      }
      paused = false;
      again = detached;
      more = again ? 0 : grant();
    }
    var handed = last;
    if (again && handed != null) {
      attach(handed.after().offsets(), From.EARLIEST);
    } else {
      ask(more);
    }
  }

  @Override
  public void ended(String cause) {
    if (out == null) {
      close();
      order.missing.run();
    } else {
      endWith("the topic cannot be read on here, come back with the last id");
    }
  }

  /// Twice a second, on one thread for all streams.
  void tick(long now) {
    var to = out;
    if (to == null || isOver()) {
      return;
    }
    switch (session.look(time.now())) {
      case SessionWatch.Look.Fine() -> lookAtReader(now, to);
      case SessionWatch.Look.Challenge(var data) ->
          to.write(Bytes.utf8(order.form.text().event("challenge", data)));
      case SessionWatch.Look.Over() -> endWith("the session is over");
    }
  }

  private void lookAtReader(long now, Outflow to) {
    long since = pausedFor(now);
    if (since > STALLED) {
      drop("stalled", "nothing was read for too long, come back with the last id");
    } else if (since > HICCUP && wasAbreast) {
      if (lag() > order.manner.maxLag()) {
        drop("lag", "too many events behind, come back with the last id");
      }
    } else if (since == 0) {
      lookWhetherAbreast();
      beat(now, to);
    }
  }

  @SuppressWarnings("ReferenceEquality") // nothing new was handed over since
  private void lookWhetherAbreast() {
    var handed = last;
    if (!wasAbreast && handed != lookedAt) {
      lookedAt = handed;
      wasAbreast = lag() == 0;
    }
  }

  private void beat(long now, Outflow to) {
    long silence = order.manner.heartbeat().toNanos();
    if (silence > 0 && now - lastWrite >= silence) {
      lastWrite = now;
      to.write(order.form.heartbeat());
    }
  }

  private synchronized long pausedFor(long now) {
    return paused ? Math.max(1, now - pausedSince) : 0;
  }

  /// How many records of the topic came after the last one that was handed over.
  private long lag() {
    var handed = last;
    var had = handed == null ? null : handed.after();
    long behind = 0;
    for (var applied : order.view.applied().offsets().entrySet()) {
      long next = had == null ? 0 : had.at(applied.getKey(), 0);
      behind += Math.max(0, applied.getValue() - next);
    }
    return behind;
  }

  private void drop(String reason, String words) {
    live.dropped(reason);
    endWith(words);
  }

  private void endWith(String words) {
    var to = out;
    if (close() && to != null) {
      to.write(Bytes.utf8(order.form.text().comment(words)));
      to.end();
    }
  }

  /// Ends the reply, if it was begun.
  void end() {
    var to = out;
    if (close() && to != null) {
      to.end();
    }
  }

  private synchronized boolean isOver() {
    return over;
  }

  /// False when it was over already.
  private boolean close() {
    synchronized (this) {
      if (over) {
        return false;
      }
      over = true;
    }
    live.leave(this);
    closeFollow();
    return true;
  }

  private void closeFollow() {
    var following = follow;
    if (following != null) {
      following.close();
    }
  }
}
