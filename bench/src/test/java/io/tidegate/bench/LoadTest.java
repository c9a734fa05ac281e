package io.tidegate.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.bench.ScriptedWire.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LoadTest {

  private static final Percentage PRECISION = Percentage.withPercentage(0.2);
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final Pace CLOSED = new Pace.Closed();
  private static final Pace THOUSAND = new Pace.Open(1000);

  @Test
  void reportsThePercentilesOfKnownDelays() throws IOException {
    // 95 % take 1 ms, 4 % take 20 ms, 1 % take 300 ms
    var wire =
        new ScriptedWire(
            1,
            (number, connection, now) -> {
              var delay = number % 100 == 99 ? 300 : number % 25 == 0 ? 20 : 1;
              return new Event(now + delay * MS, connection, 200);
            });

    var tally = run(wire, CLOSED, seconds(0), seconds(100));

    assertThat(tally.millis(50)).isCloseTo(1, PRECISION);
    assertThat(tally.millis(94)).isCloseTo(1, PRECISION);
    assertThat(tally.millis(97)).isCloseTo(20, PRECISION);
    assertThat(tally.millis(99.5)).isCloseTo(300, PRECISION);
    assertThat(tally.maxMillis()).isCloseTo(300, PRECISION);
  }

  @Test
  void countsWhatEveryConnectionGetsThrough() throws IOException {
    var wire = answering(64, 2);

    var tally = run(wire, CLOSED, seconds(1), seconds(10));

    assertThat(tally.count()).isCloseTo(64 * 10_000 / 2, within(64L));
  }

  @Test
  void waitsForWhatIsDoneWithRequestsAfterTheirReplies() throws IOException {
    var wire = answering(4, 1);

    var tally = run(wire, new Pace.Ahead(5, () -> 10), seconds(0), seconds(10));

    assertThat(tally.count()).isEqualTo(15);
    assertThat(tally.unfinished()).isZero();
  }

  @Test
  void aStallIsPaidByAllWhomItWouldHaveMet() throws IOException {
    var wire = stalling(2000);

    var tally = run(wire, THOUSAND, seconds(0), seconds(10));

    // a tenth of the requests falls into the stall and waits for what is left of it
    assertThat(tally.measured()).isEqualTo(10_000);
    assertThat(tally.millis(89)).isCloseTo(1, PRECISION);
    assertThat(tally.millis(95)).isCloseTo(500, Percentage.withPercentage(1));
    assertThat(tally.millis(99)).isCloseTo(900, Percentage.withPercentage(1));
  }

  @Test
  void aStallIsPaidEvenWhenItHoldsEveryConnection() throws IOException {
    var wire = stalling(4);

    var tally = run(wire, THOUSAND, seconds(0), seconds(10));

    assertThat(tally.measured()).isEqualTo(10_000);
    assertThat(tally.millis(99)).isGreaterThan(900);
  }

  @Test
  void sendsAtTheFixedRateWhateverTheReplies() throws IOException {
    var wire = answering(64, 7);

    var tally = run(wire, THOUSAND, seconds(1), seconds(10));

    assertThat(tally.count()).isCloseTo(10_000, within(10L));
    assertThat(tally.millis(100)).isCloseTo(7, PRECISION);
  }

  @Test
  void leavesTheLeadOutOfTheFigures() throws IOException {
    var lead = seconds(2);
    var wire =
        new ScriptedWire(
            1,
            (_, connection, now) ->
                new Event(now + (now < lead.toNanos() ? 100 : 1) * MS, connection, 200));

    var tally = run(wire, CLOSED, lead, seconds(1));

    assertThat(tally.count()).isCloseTo(1000, within(1L));
    assertThat(tally.maxMillis()).isCloseTo(1, PRECISION);
  }

  @Test
  void whatIsNeverAnsweredIsNotForgotten() throws IOException {
    var wire =
        new ScriptedWire(5, (_, connection, _) -> new Event(Long.MAX_VALUE, connection, 200));

    var tally = run(wire, THOUSAND, seconds(0), seconds(1));

    assertThat(tally.count()).isZero();
    assertThat(tally.unfinished()).isEqualTo(1000);
    assertThat(tally.millis(1)).isGreaterThan(seconds(10).toMillis());
  }

  @Test
  void onlySuccessesCount() throws IOException {
    var wire =
        new ScriptedWire(
            1,
            (number, connection, now) ->
                new Event(
                    now + MS, connection, number % 10 == 0 ? 503 : number % 10 == 1 ? 0 : 204));

    var tally = run(wire, CLOSED, seconds(0), seconds(1));

    assertThat(tally.count()).isCloseTo(800, within(2L));
    assertThat(tally.refusals()).isEqualTo(Map.of(503, 100L));
    assertThat(tally.failures()).isCloseTo(200, within(1L));
  }

  private static ScriptedWire answering(int connections, int millis) {
    return new ScriptedWire(
        connections, (_, connection, now) -> new Event(now + millis * MS, connection, 200));
  }

  /// Answers in 1 ms, but from second 5 to 6 holds everything.
  private static ScriptedWire stalling(int connections) {
    return new ScriptedWire(
        connections,
        (_, connection, now) -> {
          var stalled = now >= 5000 * MS && now < 6000 * MS;
          return new Event(stalled ? 6000 * MS : now + MS, connection, 200);
        });
  }

  private static Tally run(Wire wire, Pace pace, Duration lead, Duration measured)
      throws IOException {
    return new Load(wire, pace, Span.of(0, lead, measured)).run();
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }
}
