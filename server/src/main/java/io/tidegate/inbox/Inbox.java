package io.tidegate.inbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.tidegate.base.Time;
import io.tidegate.guard.Handshake;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Router;
import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Entry;
import io.tidegate.log.RecordLog;
import io.tidegate.plan.Pattern;
import io.tidegate.plan.WebhookMapping;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// One `webhook-kafka` binding at work: what all its requests share. It lives on when the
/// configuration changes, so that duplicates, limits and what waits in memory are not forgotten.
///
/// Any thread.
public final class Inbox implements AutoCloseable {
  private static final long HEAVIEST_LOG = 32 << 20;

  private final Needs needs;
  private final Receptions receptions;
  private final Duplicates duplicates = new Duplicates();
  private final RequestLog requests = new RequestLog(HEAVIEST_LOG);
  private final WebhookMeters meters;
  private final MemoryQueue memory;
  private final SnsConfirmation confirmation;
  private volatile Desk desk;
  private volatile WebhookConfig inForce = WebhookConfig.NONE;
  private volatile boolean closed;

  /// What an inbox is put between.
  ///
  /// @param registry the endpoints that are made at run time
  public record Needs(
      RecordLog log, TopicMaker topics, Endpoints registry, Time time, MeterRegistry metrics) {}

  /// What the configuration says now.
  record Desk(WebhookMapping mapping, StaticEndpoints endpoints) {
    static Desk of(WebhookMapping mapping, Endpoints registry) {
      var others = mapping.registry().enabled() ? registry : Endpoints.NONE;
      return new Desk(mapping, StaticEndpoints.of(mapping, others));
    }

    boolean allows(String topic) {
      if (!EndpointRules.isTopic(topic)) {
        return false;
      }
      for (Pattern pattern : mapping.topics()) {
        if (pattern.match(topic).isPresent()) {
          return true;
        }
      }
      return false;
    }
  }

  public Inbox(WebhookMapping mapping, Needs needs) {
    this.needs = needs;
    this.desk = Desk.of(mapping, needs.registry());
    this.receptions = new Receptions(needs.time());
    this.memory =
        new MemoryQueue((entry, acks, then) -> append(entry, acks, then), bounds(mapping, inForce));
    this.confirmation = new SnsConfirmation(new SnsConfirmation.Web(), needs.time());
    this.meters = new WebhookMeters(needs.metrics(), mapping.name());
    gauges();
  }

  private static MemoryQueue.Bounds bounds(WebhookMapping mapping, WebhookConfig config) {
    return new MemoryQueue.Bounds(
        config.capacity().orElse(mapping.memory().messages()), mapping.memory().bytes());
  }

  private void gauges() {
    meters.gauge(
        "tidegate.webhooks.memory.used",
        "Events acknowledged and not stored yet",
        Tags.empty(),
        memory::messages);
    meters.gauge(
        "tidegate.webhooks.memory.used.bytes", "What they hold", Tags.empty(), memory::bytes);
    meters.gauge(
        "tidegate.webhooks.memory.capacity",
        "How many there may be",
        Tags.empty(),
        () -> bounds().messages());
    meters.gauge(
        "tidegate.webhooks.memory.dropped",
        "Events acknowledged from memory that were given up",
        Tags.empty(),
        memory::dropped);
    meters.gauge(
        "tidegate.webhooks.endpoints",
        "Endpoints that can be posted to",
        Tags.of("kind", "static"),
        () -> desk.endpoints().size());
    meters.gauge(
        "tidegate.webhooks.endpoints",
        "Endpoints that can be posted to",
        Tags.of("kind", "dynamic"),
        () -> desk.endpoints().active());
  }

  /// Answers the requests that the configuration leads here.
  public Router router() {
    return new WebhookRouter(this);
  }

  /// From the next request on, this holds.
  public void adopt(WebhookMapping next) {
    desk = Desk.of(next, needs.registry());
    inForce = desk.endpoints().config();
    memory.bounds(bounds(next, inForce));
  }

  /// What is set for all endpoints at run time. What it says of the queue holds from the first
  /// request that asks.
  @SuppressWarnings("ReferenceEquality") // it is the same object until it changes
  WebhookConfig config() {
    var now = desk.endpoints().config();
    if (now != inForce) {
      inForce = now;
      memory.bounds(bounds(desk.mapping(), now));
    }
    return now;
  }

  private MemoryQueue.Bounds bounds() {
    var _ = config();
    return memory.bounds();
  }

  /// What senders have sent lately.
  public RequestLog requests() {
    return requests;
  }

  /// The endpoints as requests find them: those of the file and those of the registry.
  public Endpoints endpoints() {
    return desk.endpoints();
  }

  /// Stores a request of the log once more, as an event of its own.
  public void replay(String endpoint, String request, Consumer<Replay.Outcome> then) {
    new Replay(this).run(endpoint, request, then);
  }

  /// Stops taking events in, and stores what was acknowledged from memory, within seconds.
  @Override
  public void close() {
    closed = true;
    memory.close();
    meters.close();
  }

  Desk desk() {
    return desk;
  }

  boolean isClosed() {
    return closed;
  }

  Time time() {
    return needs.time();
  }

  Receptions receptions() {
    return receptions;
  }

  Duplicates duplicates() {
    return duplicates;
  }

  WebhookMeters meters() {
    return meters;
  }

  RequestLog log() {
    return requests;
  }

  /// The full URL as the sender knows it.
  String url(Request request) {
    var origin = desk.mapping().publicUrl();
    return origin.isPresent() ? origin.get() + request.target() : request.url();
  }

  void confirm(Endpoint endpoint, Handshake.Answer.Visit visit) {
    confirmation.begin(endpoint.id(), visit);
  }

  /// All of them, or none; in memory.
  boolean queue(List<Entry> entries) {
    return memory.offer(entries);
  }

  /// Says once how it ended with all of them: the first failure, if there is one.
  void store(List<Entry> entries, Consumer<Appended> then) {
    if (entries.size() == 1) {
      append(entries.getFirst(), Acks.IN_SYNC_REPLICAS, then);
      return;
    }
    if (entries.isEmpty()) {
      then.accept(new Appended.At(0, -1));
      return;
    }
    var left = new AtomicInteger(entries.size());
    var worst = new AtomicReference<Appended>(new Appended.At(0, -1));
    for (var entry : entries) {
      append(
          entry,
          Acks.IN_SYNC_REPLICAS,
          outcome -> {
            if (!(outcome instanceof Appended.At)) {
              worst.set(outcome);
            }
            if (left.decrementAndGet() == 0) {
              then.accept(worst.get());
            }
          });
    }
  }

  /// Makes the topic when it is missing and may be made.
  private void append(Entry entry, Acks acks, Consumer<Appended> then) {
    needs
        .log()
        .append(
            entry,
            acks,
            outcome -> {
              if (outcome instanceof Appended.Unavailable(var reason, var _)
                  && reason == Appended.Reason.NO_SUCH_TOPIC) {
                make(entry, acks, outcome, then);
              } else {
                then.accept(outcome);
              }
            });
  }

  private void make(Entry entry, Acks acks, Appended missing, Consumer<Appended> then) {
    needs
        .topics()
        .make(
            entry.topic(),
            made -> {
              if (made) {
                needs.log().append(entry, acks, then);
              } else {
                then.accept(missing);
              }
            });
  }

  /// How it is, in one word.
  Reply word() {
    if (closed) {
      return WebhookRouter.word("draining", false);
    }
    return switch (desk.endpoints().standing()) {
      case STARTING -> WebhookRouter.word("starting", false);
      case UNAVAILABLE -> WebhookRouter.word("unavailable", false);
      case DEGRADED -> WebhookRouter.word("degraded", true);
      case HEALTHY -> WebhookRouter.word(isFilling() ? "degraded" : "healthy", true);
    };
  }

  private boolean isFilling() {
    var bounds = bounds();
    return memory.messages() > bounds.messages() * 0.8 || memory.bytes() > bounds.bytes() * 0.8;
  }
}
