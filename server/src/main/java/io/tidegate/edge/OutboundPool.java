package io.tidegate.edge;

import io.tidegate.http.Client.Failure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The connections to one destination, those that are being made, and the calls that wait for one.
/// It exists as long as there is any of them.
///
/// As long as HTTP/2 is possible only one connection is made at a time, since it may carry all
/// calls; what becomes of it then is said to all who wait.
final class OutboundPool {
  private static final int SHARED_CONNECTIONS = 4;
  private static final int MOST_WAITING = 4096;

  private enum Spoken {
    UNKNOWN,
    HTTP_1,
    HTTP_2
  }

  final OutboundLoop loop;
  final Destination destination;

  private final ArrayDeque<OutboundLine> free = new ArrayDeque<>();
  private final List<OutboundLine> shared = new ArrayList<>();
  private final Set<OutboundLine> open = new HashSet<>();
  private final Set<Dialling> dialling = new HashSet<>();
  private final ArrayDeque<OutboundCall> waiting = new ArrayDeque<>();
  private Spoken spoken = Spoken.UNKNOWN;
  private boolean taking;

  OutboundPool(OutboundLoop loop, Destination destination) {
    this.loop = loop;
    this.destination = destination;
  }

  void take(OutboundCall call) {
    taking = true;
    give(call);
    taking = false;
    forgetIfEmpty();
  }

  private void give(OutboundCall call) {
    if (call.isRepeated()) {
      List.copyOf(free).forEach(OutboundLine::close); // where one was stale the others may be
    } else if (sent(call)) {
      return;
    }
    if (waiting.size() >= MOST_WAITING) {
      call.fail(Failure.BUSY, "too many requests wait for a connection to " + destination);
    } else {
      if (call.isRepeated()) {
        waiting.addFirst(call);
      } else {
        waiting.addLast(call);
      }
      call.waits(this);
      dial();
    }
  }

  /// The connection that was used last is used first, so that the others can age.
  private boolean sent(OutboundCall call) {
    for (var line = free.pollLast(); line != null; line = free.pollLast()) {
      if (line.send(call)) {
        return true;
      }
    }
    for (var line : List.copyOf(shared)) {
      if (line.hasRoom() && line.send(call)) {
        return true;
      }
    }
    return false;
  }

  /// The call waits no longer.
  void leave(OutboundCall call) {
    waiting.remove(call);
    forgetIfEmpty();
  }

  private void dial() {
    while (dialling.size() < wanted()) {
      var first = waiting.getFirst();
      if (!loop.mayConnect()) {
        waiting.removeFirst();
        first.fail(Failure.BUSY, "too many outbound connections are open");
        continue;
      }
      var next = new Dialling(this, first.limits);
      dialling.add(next);
      loop.dials(1);
      next.start();
    }
  }

  private int wanted() {
    if (waiting.isEmpty()) {
      return 0;
    }
    return oneAtATime()
        ? shared.size() < SHARED_CONNECTIONS ? 1 : 0
        : Math.min(waiting.size(), loop.way.pooling().each() - open.size());
  }

  private boolean oneAtATime() {
    return spoken == Spoken.HTTP_2 || (spoken == Spoken.UNKNOWN && loop.way.mayShare(destination));
  }

  boolean isDialling() {
    return !dialling.isEmpty();
  }

  void opened(Dialling by, OutboundLine line) {
    undial(by);
    open.add(line);
    loop.connected(1);
    spoken = line.isShared() ? Spoken.HTTP_2 : Spoken.HTTP_1;
    if (line.isShared()) {
      shared.add(line);
    }
    var first = waiting.peek();
    if (first != null) {
      by.tellTimes(first);
    }
    released(line);
    dial();
  }

  private void undial(Dialling by) {
    if (dialling.remove(by)) {
      loop.dials(-1);
    }
  }

  void failed(Dialling by, Failure failure, String detail) {
    boolean all = oneAtATime() && shared.isEmpty();
    undial(by);
    do {
      var call = waiting.poll();
      if (call == null) {
        break;
      }
      by.tellTimes(call);
      call.fail(failure, detail);
    } while (all);
    dial();
    forgetIfEmpty();
  }

  /// The line has room again.
  void released(OutboundLine line) {
    while (line.hasRoom() && !waiting.isEmpty()) {
      var next = waiting.poll();
      if (!line.send(next)) {
        waiting.addFirst(next);
        dial();
        return;
      }
    }
    if (line.hasRoom()) {
      if (!line.isShared()) {
        free.addLast(line);
      }
      line.rest();
    }
  }

  /// The line takes no more calls.
  void retired(OutboundLine line) {
    free.remove(line);
    shared.remove(line);
  }

  void gone(OutboundLine line) {
    if (open.remove(line)) {
      loop.connected(-1);
      retired(line);
      dial();
      forgetIfEmpty();
    }
  }

  private void forgetIfEmpty() {
    if (!taking && open.isEmpty() && dialling.isEmpty() && waiting.isEmpty()) {
      loop.forget(this);
    }
  }

  void close() {
    List.copyOf(dialling).forEach(Dialling::abort);
    loop.dials(-dialling.size());
    dialling.clear();
    List.copyOf(open).forEach(OutboundLine::close);
    forgetIfEmpty();
  }
}
