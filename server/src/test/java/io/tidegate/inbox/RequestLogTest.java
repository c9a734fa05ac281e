package io.tidegate.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.inbox.Sender.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is remembered of requests.
class RequestLogTest {
  private final Sender sender = new Sender().with(Sender.github());

  @AfterEach
  void close() {
    sender.close();
  }

  private List<LoggedRequest> log() {
    sender.log.settle();
    return sender.inbox.requests().list(Sender.ID);
  }

  @Test
  void keepsRequestsNewestFirstWithTheirOutcome() {
    sender.postGithub("{}", "d-1").status();
    sender.log.settle();
    sender.postGithub("{}", "d-1").status();
    sender.post("{}").status();

    assertThat(log())
        .extracting(LoggedRequest::outcome)
        .containsExactly("invalid_signature", "duplicate", "stored");
    assertThat(log().getFirst().detail()).contains("MISSING").contains("x-hub-signature-256");
    assertThat(log().getLast().body().orElseThrow().utf8()).isEqualTo("{}");
  }

  @Test
  void writesDownRequestsToARevokedEndpointButNoGuesses() {
    sender.with(Change.of(Sender.github()).revoked().endpoint());
    sender.post("{}");
    sender.send("POST", "/e/" + "a".repeat(32), "{}");

    assertThat(log().getFirst().detail()).isEqualTo("revoked: leaked");
    assertThat(sender.inbox.requests().list("a".repeat(32))).isEmpty();
  }

  @Test
  void replaysARequestAsAnotherEvent() {
    sender.postGithub("{\"n\":1}", "d-1", "x-github-event", "push").status();
    var first = log().getFirst();
    var outcomes = new ArrayList<Replay.Outcome>();

    sender.inbox.replay(Sender.ID, first.id(), outcomes::add);
    sender.log.settle();

    assertThat(outcomes).singleElement().isInstanceOf(Replay.Outcome.Stored.class);
    var again = sender.stored().getLast();
    assertThat(again.value().utf8()).isEqualTo("{\"n\":1}");
    assertThat(Sender.header(again, "tidegate-replay-of")).isEqualTo(first.eventId().orElseThrow());
    assertThat(Sender.header(again, "tidegate-verification")).isEqualTo("none");
    assertThat(Sender.header(again, "x-github-event")).isEqualTo("push");
  }

  @Test
  void saysWhyItCannotReplay() {
    var outcomes = new ArrayList<Replay.Outcome>();
    sender.with(Sender.endpoint()).post("x".repeat(100_000)).status();

    sender.inbox.replay(Sender.ID, log().getFirst().id(), outcomes::add);
    sender.inbox.replay(Sender.ID, "r-99", outcomes::add);
    sender.inbox.replay("b".repeat(32), "r-1", outcomes::add);

    assertThat(outcomes)
        .containsExactly(
            new Replay.Outcome.WithoutBody(),
            new Replay.Outcome.Unknown(),
            new Replay.Outcome.Unknown());
  }

  @Test
  void keepsAFewOfEachEndpoint() {
    for (int i = 0; i < 120; i++) {
      sender.post("{}");
    }

    assertThat(log()).hasSize(RequestLog.MOST);
    assertThat(log().getFirst().id()).isEqualTo("r-120");
  }

  @Test
  void keepsNoMoreThanItMayOfAllTogether() {
    var log = new RequestLog(1 << 20);
    for (int i = 0; i < 10_000; i++) {
      log.add(request("endpoint " + i, 1000));
    }

    assertThat(log.weight()).isLessThanOrEqualTo(1 << 20);
    assertThat(log.list("endpoint 9999")).hasSize(1);
    assertThat(log.list("endpoint 0")).isEmpty();
  }

  private static LoggedRequest request(String endpoint, int size) {
    return new LoggedRequest(
        "r",
        Instant.EPOCH,
        endpoint,
        "POST",
        "/",
        "",
        Headers.NONE,
        "-",
        Optional.of(Bytes.wrap(new byte[size])),
        size,
        200,
        "stored",
        "",
        Optional.empty(),
        Duration.ZERO);
  }
}
