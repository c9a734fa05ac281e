package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import io.tidegate.delivery.Attempt;
import io.tidegate.delivery.Outcome;
import io.tidegate.delivery.Sender.Report;
import io.tidegate.http.Client;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.RecordLog;
import io.tidegate.log.Stored;
import io.tidegate.registry.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Records as event destinations leave them behind, for tests of those who read them.
public final class Facts {
  private static final Client.Timings TIMINGS =
      new Client.Timings(1_000, 2_000, -1, 3_000_000, 4_000_000);

  private final RecordLog log;
  private Instant now = Instant.parse("2027-01-31T12:00:00Z");

  public Facts(RecordLog log) {
    this.log = log;
    log.create(Outbox.topics(), Duration.ofSeconds(10));
  }

  /// Where something lies.
  public record Place(int partition, long offset) {}

  /// What comes next happens that much later.
  public Facts later(Duration span) {
    now = now.plus(span);
    return this;
  }

  public Instant now() {
    return now;
  }

  public Place event(String tenant, String id, String topic) {
    var event =
        new Event(
            id,
            true,
            tenant,
            topic,
            Optional.empty(),
            now,
            true,
            Map.of("source", "test"),
            data(id));
    return append(EventForm.write(event, ""));
  }

  /// A delivery of an event that lies there.
  public Place delivery(Place source, String destination) {
    return delivery(source, destination, Optional.empty());
  }

  public Place delivery(Place source, String destination, Optional<Delivery.Manual> manual) {
    var record = read(EventForm.TOPIC, source);
    var event = EventForm.read(record).orElseThrow();
    var from = new Delivery.Source("", source.partition(), source.offset());
    return append(
        Delivery.entry(from, record.headers(), event, destination(event, destination), manual));
  }

  /// A delivery of an event that lies in a topic of somebody's, at that offset of its partition 0.
  public Place foreignDelivery(
      String topic, long offset, String tenant, String id, String destination) {
    var event = new Event(id, false, tenant, "x", Optional.empty(), now, true, Map.of(), data(id));
    var from = new Delivery.Source(topic, 0, offset);
    var found = destination(event, destination);
    return append(Delivery.entry(from, EventForm.headers(event), event, found, Optional.empty()));
  }

  private static Bytes data(String id) {
    return Bytes.utf8("{\"id\": \"" + id + "\"}");
  }

  private Snapshot<Destination> destination(Event event, String destination) {
    var value =
        new Destination(
            event.tenant(),
            destination,
            1,
            "webhook",
            Subscription.ALL,
            Optional.empty(),
            Map.of(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0,
            Optional.empty());
    return new Snapshot<>(value.key(), 1, now, now, "i", 0, value);
  }

  /// An attempt at a delivery that lies there.
  public Place attempt(Place delivery, int number, int status) {
    var reply =
        new Reply(status, Headers.of("content-type", "text/plain"), Bytes.utf8("said " + status));
    var delivered = status < 300;
    var attempt =
        new Attempt(
                delivered ? Attempt.Kind.DELIVERED : Attempt.Kind.FAILED,
                Optional.of(reply),
                Integer.toString(status),
                delivered ? "" : "the receiver answered " + status,
                Optional.empty(),
                TIMINGS)
            .sent("https://a.test/h", Headers.of("authorization", "Bearer secret", "a", "b"));
    var outcome =
        delivered ? new Outcome.Delivered() : new Outcome.Retry(now.plus(Duration.ofMinutes(1)));
    return tell(delivery, new Report(number, attempt, outcome, now));
  }

  /// A delivery that lies there ends after so many attempts.
  public Place end(Place delivery, int number, Outcome.Reason reason) {
    return tell(delivery, new Report(number, null, new Outcome.GivenUp(reason), now));
  }

  private Place tell(Place place, Report report) {
    var record = read(Delivery.TOPIC, place);
    var delivery = Delivery.read(record).orElseThrow();
    return append(DeliveryOutcome.of(record, delivery, "webhook", report).entry());
  }

  private Stored read(String topic, Place place) {
    return log.read(topic, place.partition(), place.offset(), 1, Duration.ofSeconds(10))
        .records()
        .getFirst();
  }

  private Place append(io.tidegate.log.Entry entry) {
    var answer = new CompletableFuture<Appended>();
    log.append(entry, Acks.IN_SYNC_REPLICAS, answer::complete);
    var appended = answer.orTimeout(20, TimeUnit.SECONDS).join();
    if (appended instanceof Appended.At(var partition, var offset)) {
      return new Place(partition, offset);
    }
    throw new IllegalStateException("not appended: " + appended);
  }
}
