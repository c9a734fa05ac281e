package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.AddressRules;
import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.delivery.Attempt;
import io.tidegate.delivery.Outcome;
import io.tidegate.delivery.Routing;
import io.tidegate.delivery.Sender;
import io.tidegate.delivery.Sender.Admission;
import io.tidegate.delivery.Sender.Report;
import io.tidegate.http.Call;
import io.tidegate.http.Client;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.log.Acks;
import io.tidegate.log.MemoryLog;
import io.tidegate.log.Stored;
import io.tidegate.outbox.Facts.Place;
import io.tidegate.plan.Pump;
import io.tidegate.registry.Registries;
import io.tidegate.registry.SealingKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What becomes of single deliveries, and what is kept of it.
class DeliverySenderTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final JsonMapper JSON = new JsonMapper();
  private static final Routing.To TO = new Routing.To(Bytes.utf8("lane"), "t/d");
  private static final String TOKEN = "s3cr3t-token-of-theirs";

  private final MemoryLog log = new MemoryLog();
  private final Facts facts = new Facts(log);
  private final SealingKey key = SealingKey.parse(SealingKey.generate());
  private final Outbox.Settings settings =
      new Outbox.Settings(
          TopicPolicy.OPEN,
          new DestinationTypes(List.of(new WebhookType(WebhookType.Signature.OUTPOST))),
          1000);
  private final Registries registries =
      new Registries(log, Time.system(), new SimpleMeterRegistry());
  private final Outbox outbox = new Outbox(settings, registries, log, key, Time.system());
  private final Receiver receiver = new Receiver();
  private Sender sender;

  /// Takes everything, and repeats a header.
  private static final class Receiver implements Client {
    final Queue<Call> calls = new ConcurrentLinkedQueue<>();

    @Override
    public Result send(Call call, Limits limits) {
      calls.add(call);
      var echo = call.headers().first("x-copy").orElse("");
      return new Result.Replied(
          new Reply(200, Headers.of("x-echo", echo, "x-fine", "yes"), Bytes.EMPTY),
          0,
          new Timings(-1, -1, -1, 1, 1),
          "203.0.113.7");
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void start() {
    log.create(Registries.topics(Outbox.kinds(settings, key)), LIMIT);
    registries.start();
    assertThat(registries.awaitReplay(LIMIT)).isTrue();
    outbox.changes().upsert("t", null);
    sender = sender(outbox);
  }

  @AfterEach
  void stop() {
    sender.close();
    outbox.close();
    registries.close();
    log.close();
  }

  private Sender sender(Outbox of) {
    var limits =
        new Client.Limits(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            1024);
    return of.sender(
        pump(),
        receiver,
        new Ways(AddressRules.of(List.of(), List.of()), Optional.empty(), limits));
  }

  private static Pump pump() {
    return new Pump(
        "events",
        "kafka",
        "group",
        List.of(),
        new Pump.Ordering.None(),
        "",
        new Pump.Retry(
            OptionalInt.of(20),
            Duration.ofSeconds(1),
            2,
            Duration.ofHours(1),
            0.2,
            Duration.ofHours(24),
            List.of(),
            false),
        new Pump.Patience(LIMIT, LIMIT, LIMIT, LIMIT),
        new Pump.Limits(512, 64, 1, OptionalDouble.empty(), 64 << 10),
        new Pump.Breaker(10, Duration.ofSeconds(5), Duration.ofMinutes(5)),
        Pump.Signing.NONE,
        Optional.empty());
  }

  private void create(String customHeaders) {
    var body = (ObjectNode) JSON.readTree("{\"id\":\"d\",\"type\":\"webhook\",\"topics\":\"*\"}");
    body.putObject("config").put("url", "https://a.test/h").put("custom_headers", customHeaders);
    var tenant = outbox.directory().tenant("t").orElseThrow();
    assertThat(outbox.changes().create(tenant, body, true).outcome())
        .isInstanceOf(io.tidegate.registry.Outcome.Accepted.class);
  }

  @Test
  void whatDoesNotFitIntoTheLogEndsAsAFailureThatSaysWhy() {
    create("");
    var place = facts.delivery(facts.event("t", "e", "x"), "d");
    var whole = record(place);
    var entry =
        new io.tidegate.log.Entry(Delivery.TOPIC, whole.key(), whole.headers(), whole.value());
    var less = Delivery.smaller(entry).flatMap(Delivery::smaller).orElseThrow();
    assertThat(Delivery.smaller(less)).isEmpty();
    log.append(less, Acks.IN_SYNC_REPLICAS, _ -> {});
    var record = record(new Place(place.partition(), place.offset() + 1));

    var attempt = sender.send(record, TO, 1);
    sender.report(
        record,
        new Report(1, attempt, new Outcome.GivenUp(Outcome.Reason.PERMANENT), Instant.now()));

    assertThat(attempt.kind()).isEqualTo(Attempt.Kind.PERMANENT);
    assertThat(attempt.detail()).contains("larger than the topic tidegate.deliveries takes");
    assertThat(receiver.calls).isEmpty();
    var outcome = DeliveryOutcome.read(log.stored(DeliveryOutcome.TOPIC).getFirst()).orElseThrow();
    assertThat(outcome.status()).isEqualTo(DeliveryOutcome.Status.FAILED);
    assertThat(outcome.code()).isEqualTo("oversized");
    assertThat(outcome.event()).isEqualTo("e");
    assertThat(outcome.topic()).isEqualTo("x");
  }

  @Test
  void keepsNoHeaderThatHasASecretInItWhateverItsNameIs() {
    create(
        "{\"authorization\":\"Bearer %1$s\",\"x-copy\":\"it is %1$s\",\"x-plain\":\"seen\"}"
            .formatted(TOKEN));
    var record = record(facts.delivery(facts.event("t", "e", "x"), "d"));

    var attempt = sender.send(record, TO, 1);
    sender.report(record, new Report(1, attempt, new Outcome.Delivered(), Instant.now()));

    var sent = receiver.calls.element().headers();
    assertThat(sent.first("authorization")).contains("Bearer " + TOKEN);
    assertThat(sent.first("x-copy")).contains("it is " + TOKEN);
    var seen =
        DeliveryOutcome.read(log.stored(DeliveryOutcome.TOPIC).getFirst())
            .orElseThrow()
            .seen()
            .utf8();
    assertThat(seen)
        .doesNotContain(TOKEN)
        .contains("[\"x-copy\",\"***\"]", "[\"x-echo\",\"***\"]")
        .contains("[\"x-plain\",\"seen\"]", "[\"x-fine\",\"yes\"]");
  }

  /// Ids may be used again: what was brought there by hand is one event, not its name.
  @Test
  void aReusedIdAfterARetryByHandIsADeliveryOfItsOwn() {
    create("");
    var first = facts.event("t", "same", "x");
    var automatic = record(facts.delivery(first, "d"));
    byHand(first);
    var again = record(facts.delivery(facts.event("t", "same", "x"), "d"));

    assertThat(sender.admission(automatic, TO)).isInstanceOf(Admission.Never.class);
    assertThat(sender.admission(again, TO)).isInstanceOf(Admission.Now.class);
  }

  /// Others have read further in the registry; an attempt would fail for no fault of the receiver.
  @Test
  void waitsUntilTheDestinationIsKnownHere() {
    var record = record(facts.delivery(facts.event("t", "e", "x"), "d"));

    assertThat(sender.admission(record, TO)).isInstanceOf(Admission.Later.class);
    create("");
    assertThat(sender.admission(record, TO)).isInstanceOf(Admission.Now.class);
  }

  private void byHand(Place event) {
    var manual = new Delivery.Manual("ret_1", 1, "operator");
    var record = record(facts.delivery(event, "d", Optional.of(manual)));
    assertThat(sender.admission(record, TO)).isInstanceOf(Admission.Now.class);
    sender.report(
        record, new Report(1, sender.send(record, TO, 1), new Outcome.Delivered(), Instant.now()));
  }

  @Test
  void whoTakesOverKnowsWhatWasDeliveredByHand() {
    create("");
    var event = facts.event("t", "e", "x");
    var automatic = record(facts.delivery(event, "d"));
    byHand(event);

    var others = new Registries(log, Time.system(), new SimpleMeterRegistry());
    try (var next = new Outbox(settings, others, log, key, Time.system());
        var another = sender(next)) {
      others.start();
      assertThat(others.awaitReplay(LIMIT)).isTrue();
      next.start();
      assertThat(next.awaitReplay(LIMIT)).isTrue();

      assertThat(another.admission(automatic, TO)).isInstanceOf(Admission.Never.class);
    } finally {
      others.close();
    }
  }

  @Test
  void notesOfWhatWasDeliveredByHandDoNotPileUp() {
    var key = Bytes.utf8("\tdone\t0:0 t/d");
    var before = Instant.now().minus(DoneByHand.KEPT).minusSeconds(60).toEpochMilli();
    var doneByHand = new DoneByHand(log, Time.system());

    doneByHand.read(new Stored(0, 0, before, key, List.of(), Bytes.utf8("1")));
    doneByHand.caughtUp();

    assertThat(doneByHand.isEmpty()).isTrue();
    await().atMost(LIMIT).until(() -> log.stored(Streaks.TOPIC).size() == 1);
    assertThat(log.stored(Streaks.TOPIC).getFirst().isTombstone()).isTrue();
    assertThat(log.stored(Streaks.TOPIC).getFirst().key()).isEqualTo(key);
  }

  private Stored record(Place place) {
    return log.read(Delivery.TOPIC, place.partition(), place.offset(), 1, LIMIT)
        .records()
        .getFirst();
  }
}
