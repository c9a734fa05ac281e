package io.tidegate.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.admin.Answers.Bounds;
import io.tidegate.admin.Answers.Limit;
import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.http.Responder;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnswersTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int LARGE = 1 << 20;

  private final Answers answers =
      new Answers(
          new Bounds(
              new Limit(3, 4, 5L * LARGE), new Limit(2, 2, 2L * LARGE), Duration.ofSeconds(20)));

  /// Reads as much as it is told to.
  private static final class Caller implements Responder, Responder.Outflow {
    final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
    final Queue<Runnable> drains = new ConcurrentLinkedQueue<>();
    final Queue<Runnable> gone = new ConcurrentLinkedQueue<>();
    final AtomicInteger bytes = new AtomicInteger();
    Headers headers = Headers.NONE;

    @Override
    public void reply(Reply reply) {
      headers = reply.headers();
      statuses.add(reply.status());
    }

    @Override
    public Outflow open(int status, Headers given) {
      headers = given;
      statuses.add(status);
      return this;
    }

    @Override
    public void onGone(Runnable action) {
      gone.add(action);
    }

    @Override
    public long write(Bytes piece) {
      return bytes.addAndGet(piece.size());
    }

    @Override
    public void onDrained(long left, Runnable action) {
      drains.add(action);
    }

    @Override
    public void end() {}

    @Override
    public void abort() {}
  }

  private static Reply reply(int size) {
    return new Reply(200, Headers.NONE, Bytes.wrap(new byte[size]));
  }

  @Test
  void makesFewAtATimeLetsSomeWaitAndTurnsOthersAway() throws Exception {
    var making = new AtomicInteger();
    var most = new AtomicInteger();
    var go = new CountDownLatch(1);
    var greedy = IntStream.range(0, 100).mapToObj(_ -> new Caller()).toList();
    var threads =
        greedy.stream()
            .map(caller ->
                Thread.ofVirtual()
                    .start(() ->
                        answers.answer(
                            "greedy",
                            () -> {
                              most.accumulateAndGet(making.incrementAndGet(), Math::max);
                              awaitQuietly(go);
                              making.decrementAndGet();
                              return reply(10);
                            },
                            caller)))
            .toList();

    await().atMost(LIMIT).until(() -> count(greedy, 503) == 96);
    var other = new Caller();
    answers.answer("other", () -> reply(10), other);

    assertThat(other.statuses).containsExactly(200);
    var refused = greedy.stream().filter(it -> it.statuses.contains(503)).findFirst();
    assertThat(refused.orElseThrow().headers.first("retry-after")).isPresent();
    go.countDown();
    for (var thread : threads) {
      assertThat(thread.join(LIMIT)).isTrue();
    }
    assertThat(count(greedy, 200)).isEqualTo(4);
    assertThat(most.get()).isEqualTo(2);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static long count(List<Caller> callers, int status) {
    return callers.stream().filter(caller -> caller.statuses.contains(status)).count();
  }

  @Test
  void holdsNoMoreThanIsReadNow() {
    var first = ask("one");
    var second = ask("one");
    var third = ask("one");
    var others = List.of(ask("two"), ask("two"), ask("three"));
    var tooMuch = ask("four");

    assertThat(first.statuses).containsExactly(200);
    assertThat(first.bytes.get()).isEqualTo(LARGE);
    assertThat(first.headers.first("content-length")).contains(Integer.toString(LARGE));
    assertThat(second.statuses).containsExactly(200);
    assertThat(third.statuses).containsExactly(503);
    assertThat(others).allSatisfy(it -> assertThat(it.statuses).containsExactly(200));
    assertThat(tooMuch.statuses).containsExactly(503);
    first.drains.forEach(Runnable::run);
    first.gone.forEach(Runnable::run);
    assertThat(ask("one").statuses).containsExactly(200);
    assertThat(ask("four").statuses).containsExactly(503);
    second.gone.forEach(Runnable::run);
    assertThat(ask("four").statuses).containsExactly(200);
  }

  @Test
  void letsOneAnswerAloneBeLargerThanTheShareOfOne() {
    var caller = new Caller();

    answers.answer("one", () -> reply(3 * LARGE), caller);

    assertThat(caller.statuses).containsExactly(200);
    assertThat(ask("one").statuses).containsExactly(503);
  }

  @Test
  void goesOnWhenMakingAnAnswerFails() {
    for (int i = 0; i < 10; i++) {
      try {
        answers.answer(
            "one",
            () -> {
              throw new IllegalStateException("a bug");
            },
            new Caller());
      } catch (IllegalStateException expected) {
        // nothing is held on to
      }
    }

    assertThat(ask("one").statuses).containsExactly(200);
  }

  private Caller ask(String who) {
    var caller = new Caller();
    answers.answer(who, () -> reply(LARGE), caller);
    return caller;
  }
}
