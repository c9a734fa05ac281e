package io.tidegate.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.ledger.MetricsQuery.Dimension;
import io.tidegate.ledger.MetricsQuery.Subject;
import io.tidegate.outbox.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTest extends LedgerScene {

  @Test
  void pagesStayWhereTheyAreWhileMoreComesIn() {
    for (int i = 0; i < 25; i++) {
      facts.later(Duration.ofSeconds(i % 3)).event("acme", "e-" + i, "a");
    }
    open();
    awaitEvents(25);
    var seen = new ArrayList<String>();
    var window = new Window(10, false, Optional.empty(), false);
    var pages = new ArrayList<Listing<EventFound>>();
    for (int page = 0; page < 3; page++) {
      var listing = ledger.events(events("acme", window));
      pages.add(listing);
      listing.rows().forEach(each -> seen.add(each.id()));
      facts.later(Duration.ofSeconds(1)).event("acme", "late-" + page, "a");
      awaitEvents(26 + page);
      window = new Window(10, false, Optional.of(listing.rows().getLast().cursor()), false);
    }
    var third = Optional.of(pages.get(2).rows().getFirst().cursor());

    var back = ledger.events(events("acme", new Window(10, false, third, true)));

    assertThat(seen).hasSize(25).doesNotHaveDuplicates().allMatch(id -> id.startsWith("e-"));
    assertThat(seen.getFirst()).isEqualTo("e-24");
    assertThat(pages.getFirst().before()).isFalse();
    assertThat(pages.getFirst().after()).isTrue();
    assertThat(pages.getLast().after()).isFalse();
    assertThat(back.rows()).isEqualTo(pages.get(1).rows());
    assertThat(back.before()).isTrue();
  }

  @Test
  void findsByWhatIsAskedFor() {
    for (var tenant : List.of("a", "b")) {
      for (int i = 0; i < 6; i++) {
        var event = facts.later(Duration.ofSeconds(1)).event(tenant, tenant + i, i < 3 ? "x" : "y");
        var delivery = facts.delivery(event, tenant + "-d" + i % 2);
        facts.attempt(delivery, 1, i % 3 == 0 ? 500 : 200);
      }
    }
    open();
    awaitAttempts(12);
    awaitEvents(12);
    var latest = new Window(10, false, Optional.empty(), false);
    var oldest = new Window(10, true, Optional.empty(), false);

    assertThat(ledger.events(events(List.of("a1", "b2"), List.of(), 10)).rows())
        .extracting(EventFound::id)
        .containsExactly("b2", "a1");
    assertThat(ledger.events(events(List.of(), List.of("a"), 4)).rows())
        .extracting(EventFound::id)
        .containsExactly("a5", "a4", "a3", "a2");
    assertThat(ledger.events(events(List.of(), List.of("nobody"), 10)).rows()).isEmpty();
    var toOne =
        new EventQuery(
            List.of(), List.of("a"), List.of("a-d0", "b-d1"), List.of("x"), Span.ALL, 0, oldest);
    assertThat(ledger.events(toOne).rows()).extracting(EventFound::id).containsExactly("a0", "a2");
    var both =
        new EventQuery(
            List.of("a0", "a1"), List.of(), List.of("a-d0"), List.of(), Span.ALL, 0, oldest);
    assertThat(ledger.events(both).rows()).extracting(EventFound::id).containsExactly("a0");
    var failed =
        new AttemptQuery(
            List.of("b"),
            List.of(),
            List.of(),
            List.of("webhook"),
            List.of("y"),
            Optional.of(false),
            Span.ALL,
            latest);
    assertThat(ledger.attempts(failed).rows())
        .extracting(AttemptFound::eventId)
        .containsExactly("b3");
    assertThat(ledger.attempts(attempts(List.of("b3", "a0"), 10)).rows())
        .extracting(AttemptFound::eventId)
        .containsExactly("b3", "a0");
    var since = facts.now().minusSeconds(1).toEpochMilli();
    var late =
        new AttemptQuery(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            Span.ALL.after(since),
            latest);
    assertThat(ledger.attempts(late).rows())
        .extracting(AttemptFound::eventId)
        .containsExactly("b5", "b4");
  }

  @Test
  void knowsEventsOfOtherTopicsByTheirDeliveries() {
    var first = facts.foreignDelivery("orders", 7, "t", "o-7", "d1");
    facts.foreignDelivery("orders", 7, "t", "o-7", "d2");
    facts.foreignDelivery("orders", 8, "t", "o-8", "d1");
    facts.attempt(first, 1, 200);
    open();
    awaitAttempts(1);
    awaitEvents(2);

    var found = ledger.events(events(List.of("o-7"), List.of("t"), 10)).rows().getFirst();
    var attempt = ledger.attempts(attempts(List.of("o-7"), 10)).rows().getFirst();

    assertThat(found.destinations()).containsExactlyInAnyOrder("d1", "d2");
    assertThat(attempt.event()).isEqualTo(found.key());
    var copy = ledger.contents(List.of(found.key())).get(found.key());
    assertThat(copy.event().data().utf8()).isEqualTo("{\"id\": \"o-7\"}");
    assertThat(copy.source().log()).isEqualTo("orders");
    assertThat(count(Subject.EVENTS)).isEqualTo(2);
  }

  @Test
  void addsUpByTimeAndDimension() {
    for (int i = 0; i < 130; i++) {
      var event = facts.later(Duration.ofMinutes(1)).event("t", "e" + i, "x");
      var delivery = facts.delivery(event, "d" + i % 2);
      facts.attempt(delivery, 1, i % 10 == 0 ? 500 : 200);
    }
    var manual = new Delivery.Manual("ret_1", 1, "operator");
    var again = facts.event("t", "again", "x");
    facts.attempt(facts.delivery(again, "d0", Optional.of(manual)), 1, 200);
    open();
    awaitAttempts(131);
    awaitEvents(131);
    var from = facts.now().minus(Duration.ofMinutes(130)).plusSeconds(10);
    var to = facts.now().plusSeconds(1);

    var all = metrics(Subject.ATTEMPTS, from, to, "", List.of());
    var byHour = metrics(Subject.ATTEMPTS, from, to, "1h", List.of(Dimension.STATUS));
    var bySecond = metrics(Subject.ATTEMPTS, to.minusSeconds(61), to, "30s", List.of());
    var events = metrics(Subject.EVENTS, from, to, "", List.of(Dimension.DESTINATION));

    assertThat(all.points().getFirst().counts())
        .isEqualTo(new Metrics.Counts(131, 118, 130, 0, 1, 132));
    assertThat(byHour.points()).hasSize(6);
    assertThat(count(byHour)).isEqualTo(131);
    assertThat(byHour.points().getFirst().dimensions()).isEqualTo(List.of("failed"));
    assertThat(count(bySecond)).isEqualTo(3);
    assertThat(events.points())
        .extracting(point -> point.counts().count())
        .containsExactly(65L, 65L);
  }

  /// Whole hours, whole minutes and edges must fit together, wherever a span begins and ends.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 59, 61, 3_599, 3_600, 3_661, 7_211})
  void countsTheSameFromSumsAndFromRows(int seconds) {
    for (int i = 0; i < 60; i++) {
      var event = facts.later(Duration.ofSeconds(211)).event("t", "e" + i, "x");
      facts.attempt(facts.delivery(event, "d"), 1, 200);
    }
    open();
    awaitAttempts(60);
    var from = facts.now().minusSeconds(211 * 60).plusSeconds(seconds);
    var to = facts.now().minusSeconds(seconds);

    var bySecond = count(metrics(Subject.ATTEMPTS, from, to, "60s", List.of()));

    for (var granularity : List.of("", "7m", "1h", "1d", "1w", "1M")) {
      assertThat(count(metrics(Subject.ATTEMPTS, from, to, granularity, List.of())))
          .as(granularity)
          .isEqualTo(bySecond);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "30s, 2027-01-31T12:00:45Z, 2027-01-31T12:00:30Z",
    "1w, 2027-01-31T12:00:00Z, 2027-01-31T00:00:00Z",
    "1w, 2027-01-30T12:00:00Z, 2027-01-24T00:00:00Z",
    "1M, 2027-01-31T12:00:00Z, 2027-01-01T00:00:00Z",
    "5M, 2027-01-31T12:00:00Z, 2026-09-01T00:00:00Z",
    "1d, 2027-01-31T12:00:00Z, 2027-01-31T00:00:00Z"
  })
  void bucketsBeginWhereTheyAreExpected(String text, Instant time, Instant begin) {
    var granularity = Granularity.parse(text).orElseThrow();

    assertThat(granularity.begin(granularity.bucket(time))).isEqualTo(begin);
  }

  private Metrics metrics(
      Subject subject, Instant from, Instant to, String granularity, List<Dimension> dimensions) {
    return ledger.metrics(
        new MetricsQuery(subject, from, to, Granularity.parse(granularity), dimensions, Map.of()));
  }

  private static long count(Metrics metrics) {
    return metrics.points().stream().mapToLong(each -> each.counts().count()).sum();
  }
}
