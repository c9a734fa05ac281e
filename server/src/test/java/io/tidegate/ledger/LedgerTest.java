package io.tidegate.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidegate.delivery.Outcome;
import io.tidegate.ledger.MetricsQuery.Subject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerTest extends LedgerScene {

  @Test
  void knowsWhatWasPublishedToWhomItWentAndWhatCameOfIt() {
    var event = facts.event("acme", "e-1", "user.created");
    var first = facts.delivery(event, "d-1");
    facts.delivery(event, "d-2");
    facts.attempt(first, 1, 503);
    facts.later(Duration.ofMinutes(1)).attempt(first, 2, 200);

    open();

    awaitAttempts(2);
    var found = ledger.events(events(List.of("e-1"), List.of(), 10)).rows().getFirst();
    assertThat(found.tenant()).isEqualTo("acme");
    assertThat(found.topic()).isEqualTo("user.created");
    assertThat(found.destinations()).containsExactlyInAnyOrder("d-1", "d-2");
    var contents = ledger.contents(List.of(found.key())).get(found.key()).event();
    assertThat(contents.data().utf8()).isEqualTo("{\"id\": \"e-1\"}");
    assertThat(contents.metadata()).isEqualTo(Map.of("source", "test"));
    var attempts = ledger.attempts(attempts(List.of(), 10)).rows();
    assertThat(attempts).extracting(AttemptFound::code).containsExactly("200", "503");
    assertThat(attempts).extracting(AttemptFound::number).containsExactly(2, 1);
    assertThat(attempts).extracting(AttemptFound::eventId).containsOnly("e-1");
    assertThat(attempts.getLast().outcome()).isEqualTo("retry");
    assertThat(attempts.getLast().next()).isPresent();
    assertThat(ledger.attempt(attempts.getFirst().id())).contains(attempts.getFirst());
    assertThat(ledger.attempt("att_none")).isEmpty();
    var seen = ledger.seen(attempts).get(attempts.getLast().key()).seen().utf8();
    assertThat(seen).contains("said 503", "\"first_byte\":3", "[\"authorization\",\"***\"]");
    assertThat(seen).doesNotContain("secret");
  }

  @Test
  void countsEachRecordOnceHoweverOftenItIsToldAndTheLedgerReopened() {
    var delivery = facts.delivery(facts.event("acme", "e-1", "a"), "d-1");
    for (int number = 1; number <= 5; number++) {
      facts.attempt(delivery, number, 500);
      facts.attempt(delivery, number, 500);
    }
    facts.event("acme", "e-1", "a");
    open();
    awaitAttempts(5);

    for (int again = 0; again < 3; again++) {
      ledger.close();
      open();
      facts.event("acme", "e-1", "a");
      facts.attempt(delivery, 5, 500);
      facts.attempt(delivery, 6 + again, 500);
      awaitAttempts(6 + again);
    }

    assertThat(count(Subject.ATTEMPTS)).isEqualTo(8);
    assertThat(count(Subject.EVENTS)).isEqualTo(1);
    assertThat(ledger.events(events(List.of(), List.of(), 10)).rows()).hasSize(1);
  }

  @Test
  void saysThatItHasNotReadAllInsteadOfThatThereIsNoSuchEvent() {
    facts.attempt(facts.delivery(facts.event("acme", "e-1", "a"), "d-1"), 1, 200);
    free.set(0);
    start();
    await()
        .atMost(LIMIT)
        .until(() -> ledger.check().orElse("").contains("not written any further"));

    assertThatThrownBy(() -> ledger.events(events(List.of("e-1"), List.of(), 10)))
        .isInstanceOf(NotNow.class)
        .hasMessageContaining("not read all");
    free.set(2 * ROOM);

    awaitAttempts(1);
    await()
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(NotNow.class)
        .until(() -> ledger.events(events(List.of("none"), List.of(), 10)).rows().isEmpty());
    assertThat(ledger.events(events(List.of("e-1"), List.of(), 10)).rows()).hasSize(1);
  }

  @Test
  void makesADamagedFileAnewFromTheTopics() throws IOException {
    facts.attempt(facts.delivery(facts.event("acme", "e-1", "a"), "d-1"), 1, 200);
    open();
    awaitAttempts(1);
    ledger.close();
    Files.write(file(), new byte[100_000]);

    open();

    awaitAttempts(1);
    assertThat(file().resolveSibling("kafka.db.damaged")).exists();
  }

  @Test
  void noticesDamageWhileItRuns() throws IOException {
    for (int i = 0; i < 2_000; i++) {
      facts.attempt(facts.delivery(facts.event("t", "e" + i, "a"), "d"), 1, 200);
    }
    open();
    awaitAttempts(2_000);
    ledger.close();
    try (var bytes = new RandomAccessFile(file().toFile(), "rw")) {
      for (long at = 4096L * 20; at < bytes.length(); at += 4096) {
        bytes.seek(at);
        bytes.write(new byte[2048]);
      }
    }
    start();

    await()
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(NotNow.class)
        .until(() ->
            ledger.attempts(attempts(List.of(), 1000)).rows().size() == 1000
                && meters.counter("tidegate.ledger.rebuilds").count() == 1
                && count(Subject.ATTEMPTS) == 2_000);
  }

  @Test
  void makesAFileThatIsGoneAnew() throws IOException {
    facts.event("acme", "e-1", "a");
    open();
    awaitEvents(1);
    ledger.close();
    Files.delete(file());

    open();

    awaitEvents(1);
  }

  @Test
  void setsAFileOfANewerVersionAside() throws SQLException {
    facts.event("acme", "e-1", "a");
    open();
    ledger.close();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 99");
    }

    open();

    awaitEvents(1);
    assertThat(file().resolveSibling("kafka.db.newer")).exists();
  }

  @Test
  void isReadWhileTheDiskIsFullAndGoesOnWhenThereIsRoom() {
    var delivery = facts.delivery(facts.event("acme", "e-1", "a"), "d-1");
    facts.attempt(delivery, 1, 500);
    open();
    awaitAttempts(1);
    free.set(ROOM - 1);
    facts.attempt(delivery, 2, 200);

    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(ledger.check()).hasValueSatisfying(why -> assertThat(why).contains("disk")));
    assertThat(ledger.attempts(attempts(List.of(), 10)).rows()).hasSize(1);
    free.set(ROOM);

    awaitAttempts(2);
    assertThat(ledger.check()).isEmpty();
  }

  @Test
  void endsOfDeliveriesAreNoAttempts() {
    var delivery = facts.delivery(facts.event("acme", "e-1", "a"), "d-1");
    facts.attempt(delivery, 1, 500);
    facts.later(Duration.ofMinutes(1)).attempt(delivery, 2, 500);
    facts.end(delivery, 2, Outcome.Reason.EXPIRED);

    open();

    awaitAttempts(2);
    var ended = ledger.attempts(attempts(List.of("e-1"), 10)).rows();
    assertThat(ended).extracting(AttemptFound::outcome).containsExactly("expired", "retry");
    assertThat(ended.getFirst().next()).isEmpty();
    assertThat(ended.getLast().next()).isPresent();
  }

  /// What lies on the disk at some moment is what a crash leaves behind.
  @Test
  void goesOnFromWhateverACrashLeavesBehind() throws IOException {
    var delivery = facts.delivery(facts.event("t", "e", "a"), "d");
    open();
    var crashes = new ArrayList<Path>();
    for (int number = 1; number <= 400; number++) {
      facts.attempt(delivery, number, 500);
      if (number % 80 == 0) {
        crashes.add(copy("crash-" + number));
      }
    }
    awaitAttempts(400);

    for (var crashed : crashes) {
      ledger.close();
      start(crashed);
      awaitAttempts(400);
      assertThat(meters.counter("tidegate.ledger.rebuilds").count()).isZero();
    }
  }

  private Path copy(String name) throws IOException {
    var copy = file().resolveSibling(name + ".db");
    Files.copy(file(), copy);
    Files.copy(file().resolveSibling("kafka.db-wal"), file().resolveSibling(name + ".db-wal"));
    return copy;
  }

  @Test
  void letsGoOfWhatTheTopicsHaveNoLonger() {
    for (int i = 0; i < 10; i++) {
      facts.event("acme", "e-" + i, "a");
    }
    var partition = facts.event("acme", "last", "a").partition();
    open();
    awaitEvents(11);
    ledger.close();
    log.truncate("tidegate.events", partition, 8);

    open();

    awaitEvents(3);
  }
}
