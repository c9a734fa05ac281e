package io.tidegate.delivery;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.base.Time;
import io.tidegate.guard.Credentials;
import io.tidegate.http.Client;
import io.tidegate.log.RecordLog;
import io.tidegate.plan.OutboundHttp;
import io.tidegate.plan.Pump;
import io.tidegate.registry.SealingKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The senders of one pump, one for each of its topics, and what they share: the signing rules and
/// the way to replies and dead letters.
///
/// Start it before the first record is routed and close it after the last.
public final class HttpSenders implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(10);

  private final Pump pump;
  private final Needs needs;
  private final @Nullable SigningTopic topic;
  private final Signer signer;
  private final Outbox outbox;
  private final List<Meter> gauges = new ArrayList<>();

  /// What senders are made with.
  ///
  /// @param log of the pump's cluster
  /// @param clients the client of an exit; the same one each time
  /// @param credentials those of a guard, by its name; empty when it gives none
  public record Needs(
      RecordLog log,
      Function<OutboundHttp, Client> clients,
      Function<String, Optional<Credentials>> credentials,
      SealingKey key,
      Time time,
      MeterRegistry meters) {}

  /// @throws IllegalArgumentException when a signing rule has a fault (see `SigningRules.faults`)
  public HttpSenders(Pump pump, Needs needs) {
    this.pump = pump;
    this.needs = needs;
    this.topic =
        pump.signing()
            .topic()
            .map(name -> new SigningTopic(name, needs.log(), needs.key(), needs.time()))
            .orElse(null);
    this.signer = new Signer(SigningRules.of(pump.signing().rules()), topic, needs.time());
    this.outbox = new Outbox(pump.name(), needs.log(), needs.time(), needs.meters());
  }

  /// Begins to read the topic of signing rules, if there is one, and waits a few seconds for what
  /// lies there. Until all of it is read, what no rule of the file signs is not sent.
  public HttpSenders start() {
    if (topic != null) {
      topic.start(START);
      gauges.add(
          Gauge.builder("tidegate.delivery.signing.rules", topic, SigningTopic::size)
              .description("Signing rules of the topic, broken ones included")
              .tag("pump", pump.name())
              .register(needs.meters()));
      gauges.add(
          Gauge.builder("tidegate.delivery.signing.broken", topic, SigningTopic::broken)
              .description("Signing rules of the topic whose last record cannot be used")
              .tag("pump", pump.name())
              .register(needs.meters()));
    }
    return this;
  }

  /// The topics whose records are sent.
  public List<String> topics() {
    return pump.routes().stream().map(Pump.Route::topic).distinct().toList();
  }

  /// The sender of one of the topics.
  public Sender on(String source) {
    return new HttpSender(pump, source, needs, signer, outbox);
  }

  /// What was given up, when the pump keeps that.
  public Optional<DeadLetters> deadLetters() {
    return pump.deadLetters()
        .map(letters -> new DeadLetters(letters, Set.copyOf(topics()), needs.log(), outbox));
  }

  /// Empty when all is well, else what is wrong, a sentence each.
  public List<String> check() {
    return Stream.of(signer.check(), outbox.check()).flatMap(Optional::stream).toList();
  }

  @Override
  public void close() {
    gauges.forEach(needs.meters()::remove);
    if (topic != null) {
      topic.close();
    }
  }
}
