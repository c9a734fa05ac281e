package io.tidegate.app;

import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.guard.Checked;
import io.tidegate.guard.SignatureCheck;
import io.tidegate.http.Handler;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.http.Router;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Takes whatever is sent, shows it, and answers as it is told to: a server to try webhooks with. A
/// delivery whose signature is wrong is answered with 401, as a receiver should.
final class Receiver implements Router {
  private static final long BODY_LIMIT = 16 << 20;

  /// Deliveries and paths that are remembered; the oldest are forgotten first.
  private static final int MOST = 10_000;

  private static final int WRONG_SIGNATURE = 401;
  private static final List<String> IDS =
      List.of("idempotency-key", "webhook-id", "svix-id", "x-github-delivery");

  private final Map<String, Manner> manners;
  private final Manner usual;
  private final Optional<SignatureCheck> check;
  private final Consumer<Received> shown;
  private final Executor workers;
  private final Time time;
  private final ReentrantLock turn = new ReentrantLock();
  private final Map<String, Integer> seen = new Oldest();
  private final Map<String, Integer> perPath = new Oldest();

  /// Counts for a bounded number of names.
  private static final class Oldest extends LinkedHashMap<String, Integer> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
      return size() > MOST;
    }
  }

  /// @param manners by path
  /// @param shown told of each delivery, one after the other, before it is answered
  Receiver(
      Map<String, Manner> manners,
      Manner usual,
      Optional<SignatureCheck> check,
      Consumer<Received> shown,
      Executor workers,
      Time time) {
    this.manners = Map.copyOf(manners);
    this.usual = usual;
    this.check = check;
    this.shown = shown;
    this.workers = workers;
    this.time = time;
  }

  @Override
  public Handler route(Request head) {
    return new Handler() {
      @Override
      public void handle(Request request, Responder responder) {
        workers.execute(() -> take(request, responder));
      }

      @Override
      public long bodyLimit() {
        return BODY_LIMIT;
      }
    };
  }

  private void take(Request request, Responder responder) {
    var manner = manners.getOrDefault(request.path(), usual);
    var signature = check.map(it -> judged(it.check(request)));
    var id = IDS.stream().flatMap(name -> request.headers().first(name).stream()).findFirst();
    Received received;
    turn.lock();
    try {
      var number = perPath.merge(request.path(), 1, Integer::sum);
      var fails = manner.failsAt(number, ThreadLocalRandom.current().nextDouble());
      var wrong = signature.isPresent() && !signature.get().verified();
      var answer = fails ? manner.failure().orElse(0) : wrong ? WRONG_SIGNATURE : 200;
      var times = id.map(it -> seen.merge(request.path() + " " + it, 1, Integer::sum)).orElse(1);
      received = new Received(time.now(), request, id, times, signature, answer);
      shown.accept(received);
    } finally {
      turn.unlock();
    }
    answer(received.answer(), manner, responder);
  }

  private static Received.Signature judged(Checked checked) {
    return switch (checked) {
      case Checked.Verified verified -> new Received.Signature(true, verified.secret());
      case Checked.Denied denied -> new Received.Signature(false, denied.detail());
    };
  }

  private void answer(int status, Manner manner, Responder responder) {
    Runnable answer = status == 0 ? responder::drop : () -> responder.reply(reply(status, manner));
    if (manner.delay().isZero()) {
      answer.run();
    } else {
      time.after(manner.delay(), answer);
    }
  }

  private static Reply reply(int status, Manner manner) {
    var headers = Headers.of("content-type", "text/plain");
    if (status >= 300 && manner.retryAfter().isPresent()) {
      headers = headers.with("retry-after", manner.retryAfter().get().toString());
    }
    return status == 204
        ? Reply.of(status)
        : new Reply(status, headers, Bytes.utf8(status < 300 ? "thank you\n" : "not now\n"));
  }
}
