package io.tidegate.delivery;

import static io.tidegate.delivery.Pumps.DEAD;
import static io.tidegate.delivery.Pumps.REPLIES;
import static io.tidegate.delivery.Pumps.TOPIC;
import static io.tidegate.delivery.Pumps.URL;
import static io.tidegate.delivery.Pumps.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.ManualTime;
import io.tidegate.base.Secret;
import io.tidegate.delivery.Sender.Report;
import io.tidegate.guard.Credentials;
import io.tidegate.http.Client.Failure;
import io.tidegate.http.Headers;
import io.tidegate.log.Appended;
import io.tidegate.log.MemoryLog;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.Stored;
import io.tidegate.plan.Pump;
import io.tidegate.registry.SealingKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HttpSenderTest {
  private static final Instant AT = Instant.parse("2026-11-22T08:00:00Z");
  private static final Stored RECORD = record(URL, "{}", "zilla:correlation-id", "c-1");

  private final MemoryLog log =
      new MemoryLog().topic(TOPIC, 1, false).topic(REPLIES, 1, false).topic(DEAD, 1, false);
  private final FakeClient client = new FakeClient();
  private final Map<String, Credentials> guards = new HashMap<>();
  private final ManualTime time = new ManualTime(AT);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @AfterEach
  void close() {
    log.close();
  }

  private HttpSenders senders(Pump pump) {
    return new HttpSenders(
        pump,
        new HttpSenders.Needs(
            log,
            _ -> client,
            name -> Optional.ofNullable(guards.get(name)),
            SealingKey.parse(SealingKey.generate()),
            time,
            meters));
  }

  private Sender sender(Pumps pump) {
    return senders(pump.build()).on(TOPIC);
  }

  private static Attempt send(Sender sender, Stored record) {
    return sender.route(record) instanceof Routing.To to
        ? sender.send(record, to, 1)
        : sender.send(record, new Routing.To(Bytes.EMPTY, ""), 1);
  }

  private Stored lastReply() {
    return log.stored(REPLIES).getLast();
  }

  private static String header(Stored record, String name) {
    return record.header(name).map(Bytes::utf8).orElse("-");
  }

  @Test
  void saysWhereARecordGoes() {
    var sender = sender(new Pumps());

    assertThat(sender.route(RECORD))
        .isEqualTo(new Routing.To(Bytes.utf8(URL), "hooks.shop.example:443"));
    assertThat(sender.route(record(URL, null))).isEqualTo(new Routing.Skip());
    assertThat(sender.route(record("nothing", "x"))).isInstanceOf(Routing.Refuse.class);
  }

  @ParameterizedTest
  @CsvSource({
    "200, DELIVERED, 2xx",
    "204, DELIVERED, 2xx",
    "299, DELIVERED, 2xx",
    "301, FAILED, 3xx",
    "304, FAILED, 3xx",
    "308, FAILED, 3xx",
    "400, PERMANENT, 4xx",
    "401, PERMANENT, 401",
    "404, FAILED, 404",
    "410, GONE, 410",
    "418, FAILED, 4xx",
    "429, FAILED, 429",
    "500, FAILED, 500",
    "501, FAILED, 5xx",
    "503, FAILED, 503",
    "599, FAILED, 5xx",
    "600, FAILED, other",
    "999, FAILED, other"
  })
  void aStatusIsAVerdict(int status, Attempt.Kind kind, String word) {
    client.answer(status);

    var attempt = send(sender(new Pumps().permanent(400, 401)), RECORD);

    assertThat(attempt.kind()).isEqualTo(kind);
    assertThat(attempt.word()).isEqualTo(word);
    assertThat(attempt.reply().orElseThrow().status()).isEqualTo(status);
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void withoutAReplyItIsTriedAgainUnlessTheAddressIsForbidden(Failure failure) {
    client.fail(failure);

    var attempt = send(sender(new Pumps()), RECORD);

    assertThat(attempt.kind())
        .isEqualTo(
            failure == Failure.REFUSED_ADDRESS ? Attempt.Kind.PERMANENT : Attempt.Kind.FAILED);
    assertThat(attempt.word()).isEqualTo(failure.name().toLowerCase(java.util.Locale.ROOT));
    assertThat(attempt.reply()).isEmpty();
  }

  @Test
  void retryAfterCountsWhereAnotherTryFollows() {
    client.answer(503, Headers.of("retry-after", "120"), "");
    client.answer(503, Headers.of("retry-after", "Sun, 22 Nov 2026 08:01:00 GMT"), "");
    client.answer(200, Headers.of("retry-after", "120"), "");
    var sender = sender(new Pumps());

    assertThat(send(sender, RECORD).retryAfter()).contains(Duration.ofMinutes(2));
    assertThat(send(sender, RECORD).retryAfter()).contains(Duration.ofMinutes(1));
    assertThat(send(sender, RECORD).retryAfter()).isEmpty();
  }

  @Test
  void everyAttemptIsTheSameRequest() {
    client.answer(503);
    client.answer(200);
    var sender = sender(new Pumps());

    var _ = send(sender, RECORD);
    var _ = send(sender, RECORD);

    assertThat(client.sent(0)).isEqualTo(client.sent(1));
    assertThat(client.sent(0).headers().has("idempotency-key")).isTrue();
  }

  @Test
  void limitsAreThoseOfTheFile() {
    client.answer(200);

    var _ = send(sender(new Pumps()), RECORD);

    assertThat(client.limits().firstByte()).isEqualTo(Duration.ofSeconds(15));
    assertThat(client.limits().replyBytes()).isEqualTo(64 << 10);
  }

  @Test
  void aReplyIsTold() {
    client.answer(200, Headers.of("x-note", "fine", "connection", "close"), "ok");
    var sender = sender(new Pumps());
    var attempt = send(sender, RECORD);

    sender.report(RECORD, new Report(2, attempt, new Outcome.Delivered(), AT));

    var reply = lastReply();
    assertThat(reply.key()).isEqualTo(RECORD.key());
    assertThat(reply.value()).isEqualTo(Bytes.utf8("ok"));
    assertThat(header(reply, ":status")).isEqualTo("200");
    assertThat(header(reply, "x-note")).isEqualTo("fine");
    assertThat(header(reply, "connection")).isEqualTo("-");
    assertThat(header(reply, "zilla:attempt")).isEqualTo("2");
    assertThat(header(reply, "zilla:correlation-id")).isEqualTo("c-1");
    assertThat(header(reply, "tidegate:outcome")).isEqualTo("delivered");
    assertThat(header(reply, "zilla:error")).isEqualTo("-");
    assertThat(log.stored(DEAD)).isEmpty();
  }

  @Test
  void theCorrelationIdOfARecordWithoutOneIsItsIdempotencyKey() {
    client.answer(200);
    var sender = sender(new Pumps());
    var record = record(URL, "{}");

    var attempt = send(sender, record);
    sender.report(record, new Report(1, attempt, new Outcome.Delivered(), AT));

    assertThat(header(lastReply(), "zilla:correlation-id"))
        .isEqualTo(client.sent(0).headers().first("idempotency-key").orElseThrow());
  }

  @Test
  void aFailureIsToldWithoutAStatus() {
    client.fail(Failure.CONNECT_TIMEOUT);
    var sender = sender(new Pumps());
    var attempt = send(sender, RECORD);

    sender.report(RECORD, new Report(1, attempt, new Outcome.Retry(AT.plusSeconds(1)), AT));

    var reply = lastReply();
    assertThat(header(reply, ":status")).isEqualTo("-");
    assertThat(header(reply, "zilla:error-class")).isEqualTo("connect_timeout");
    assertThat(header(reply, "zilla:error")).isEqualTo("no luck");
    assertThat(header(reply, "tidegate:next-attempt")).isEqualTo("2026-11-22T08:00:01Z");
    assertThat(reply.value()).isEqualTo(Bytes.EMPTY);
  }

  @Test
  void aReplyThatWasCutSaysSo() {
    client.answerCut(200, "abc", 1000);
    var sender = sender(new Pumps());
    var attempt = send(sender, RECORD);

    sender.report(RECORD, new Report(1, attempt, new Outcome.Delivered(), AT));

    assertThat(header(lastReply(), "tidegate:cut")).isEqualTo("1000");
    assertThat(lastReply().value()).isEqualTo(Bytes.utf8("abc"));
  }

  @Test
  void headersOfAReplyCannotPassForOurs() {
    client.answer(200, Headers.of("zilla:attempt", "99", "tidegate:outcome", "gone", "a", "b"), "");
    var sender = sender(new Pumps());
    var attempt = send(sender, RECORD);

    sender.report(RECORD, new Report(1, attempt, new Outcome.Delivered(), AT));

    assertThat(lastReply().headers())
        .extracting(io.tidegate.log.Header::name)
        .containsExactly(
            ":status", "a", "zilla:attempt", "zilla:correlation-id", "tidegate:outcome");
  }

  @Test
  void aRefusedRecordIsToldWithItsCauseAndBecomesADeadLetter() {
    var sender = sender(new Pumps());
    var record = record("https://user:pw@h.example/", "{}", "x-a", "1");

    sender.report(record, new Report(0, null, new Outcome.GivenUp(Outcome.Reason.REFUSED), AT));

    assertThat(header(lastReply(), "zilla:attempt")).isEqualTo("0");
    assertThat(header(lastReply(), "zilla:error-class")).isEqualTo("refused");
    assertThat(header(lastReply(), "zilla:error")).contains("credentials").doesNotContain("pw");
    var letter = log.stored(DEAD).getLast();
    assertThat(letter.key()).isEqualTo(record.key());
    assertThat(letter.value()).isEqualTo(record.value());
    assertThat(header(letter, "x-a")).isEqualTo("1");
    assertThat(header(letter, "tidegate:reason")).isEqualTo("refused");
    assertThat(header(letter, "tidegate:attempts")).isEqualTo("0");
    assertThat(header(letter, "tidegate:topic")).isEqualTo(TOPIC);
    assertThat(header(letter, "tidegate:partition")).isEqualTo("0");
    assertThat(header(letter, "tidegate:offset")).isEqualTo("42");
    assertThat(header(letter, "tidegate:timestamp")).isEqualTo("1700000000000");
    assertThat(header(letter, "tidegate:time")).isEqualTo("2026-11-22T08:00:00Z");
  }

  @Test
  void aDeadLetterPutBackAsItIsIsTheSameRequest() {
    client.answer(400);
    client.answer(200);
    var sender = sender(new Pumps().permanent(400, 400));
    var attempt = send(sender, RECORD);

    sender.report(
        RECORD, new Report(1, attempt, new Outcome.GivenUp(Outcome.Reason.PERMANENT), AT));
    var letter = log.stored(DEAD).getLast();
    var _ = send(sender, letter);

    assertThat(header(letter, "tidegate:status")).isEqualTo("400");
    assertThat(client.sent(1)).isEqualTo(client.sent(0));
  }

  @Test
  void whileTheClusterIsAwayItIsToldAgainLater() {
    var sender = sender(new Pumps());
    var report = new Report(0, null, new Outcome.GivenUp(Outcome.Reason.EXPIRED), AT);
    log.failNext(new Appended.Unavailable(Appended.Reason.UNREACHABLE, "away"));

    assertThatThrownBy(() -> sender.report(RECORD, report)).isInstanceOf(LogUnavailable.class);
    log.failNext(new Appended.Unknown("late"));
    assertThatThrownBy(() -> sender.report(RECORD, report)).isInstanceOf(LogUnavailable.class);
    time.advance(Duration.ofDays(1));
    log.failNext(new Appended.Unavailable(Appended.Reason.UNREACHABLE, "away"));
    assertThatThrownBy(() -> sender.report(RECORD, report)).isInstanceOf(LogUnavailable.class);
  }

  @Test
  void aReplyTopicThatIsMissingHoldsALaneUpForAWhileOnly() {
    var senders = senders(new Pumps().build());
    var sender = senders.on(TOPIC);
    var report = new Report(1, Verdicts.failed("reset", "x"), new Outcome.Retry(AT), AT);
    log.delete(REPLIES);

    assertThatThrownBy(() -> sender.report(RECORD, report)).isInstanceOf(LogUnavailable.class);
    time.advance(Duration.ofSeconds(31));
    sender.report(RECORD, report);
    sender.report(RECORD, report);

    assertThat(senders.check().getFirst()).contains(REPLIES).contains("2 lost");
    log.topic(REPLIES, 1, false);
    sender.report(RECORD, report);
    assertThat(senders.check()).isEmpty();
    assertThat(log.stored(REPLIES)).hasSize(1);
    assertThat(meters.get("tidegate.delivery.told").tag("outcome", "lost").counter().count())
        .isEqualTo(2);
  }

  @Test
  void aReplyThatIsTooLargeIsToldWithoutItsBody() {
    client.answer(200, Headers.NONE, "long");
    var sender = sender(new Pumps());
    var attempt = send(sender, RECORD);
    log.failNext(new Appended.Refused(Appended.Reason.TOO_LARGE, "too large"));

    sender.report(RECORD, new Report(1, attempt, new Outcome.Delivered(), AT));

    assertThat(lastReply().value()).isEqualTo(Bytes.EMPTY);
    assertThat(header(lastReply(), "tidegate:cut")).isEqualTo("4");
  }

  @Test
  void credentialsOfTheGuardTakeTheirPlace() {
    client.answer(200);
    guards.put("demo:g", () -> new Credentials.Given.Here(new Secret("abc")));
    var route =
        new Pumps.Routes().authorization("demo:g", "authorization", "Bearer {credentials}").build();

    var _ = send(sender(new Pumps().routes(route)), record(URL, "x", "authorization", "mine"));

    assertThat(client.sent(0).headers().joined("authorization")).contains("Bearer abc");
  }

  @Test
  void nothingGoesOutWithoutTheCredentialsItNeeds() {
    guards.put("demo:g", () -> new Credentials.Given.Missing("the token server is away"));
    var known = new Pumps.Routes().authorization("demo:g", "authorization", "{credentials}");
    var unknown = new Pumps.Routes().authorization("demo:x", "authorization", "{credentials}");

    var attempt = send(sender(new Pumps().routes(known.build())), RECORD);

    assertThat(attempt.kind()).isEqualTo(Attempt.Kind.FAILED);
    assertThat(attempt.word()).isEqualTo("credentials");
    assertThat(attempt.detail()).isEqualTo("the token server is away");
    assertThat(send(sender(new Pumps().routes(unknown.build())), RECORD).word())
        .isEqualTo("credentials");
    assertThat(client.count()).isZero();
  }

  @Test
  void credentialsThatAreNotTakenAreRenewedOnce() {
    client.answer(401);
    client.answer(401);
    client.answer(401);
    var guard = new Renewing();
    guards.put("demo:g", guard);
    var route =
        new Pumps.Routes().authorization("demo:g", "authorization", "{credentials}").build();

    var attempt = send(sender(new Pumps().routes(route)), RECORD);

    assertThat(attempt.word()).isEqualTo("401");
    assertThat(client.count()).isEqualTo(2);
    assertThat(client.sent(0).headers().first("authorization")).contains("old");
    assertThat(client.sent(1).headers().first("authorization")).contains("new");
  }

  private static final class Renewing implements Credentials {
    private final Deque<String> texts = new ArrayDeque<>(java.util.List.of("old", "new"));

    @Override
    public Given now() {
      return new Given.Here(new Secret(texts.getFirst()));
    }

    @Override
    public boolean renew(Secret refused) {
      texts.removeFirst();
      return true;
    }
  }
}
