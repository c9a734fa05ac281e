package io.tidegate.app;

import io.tidegate.admin.Health;
import io.tidegate.broker.BrokerFailure;
import io.tidegate.broker.BrokerOptions;
import io.tidegate.broker.EmbeddedBroker;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Kafka node inside, as a part.
final class Node {
  static final String PART = "broker";

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  private final Settings settings;
  private final Health health;
  private final Runnable onFatal;
  private volatile Optional<String> address = Optional.empty();
  private volatile boolean diskLow;

  Node(Settings settings, Health health, Runnable onFatal) {
    this.settings = settings;
    this.health = health;
    this.onFatal = onFatal;
  }

  Part part() {
    return new Part(PART, settings, List.of(), this::start);
  }

  /// Where it is reached, while it runs.
  Optional<String> address() {
    return address;
  }

  private Part.Running start() {
    try {
      var broker = EmbeddedBroker.start(options());
      address = Optional.of(broker.bootstrap());
      health.watch(PART, () -> trouble(broker));
      return () -> stop(broker);
    } catch (BrokerFailure failure) {
      throw new UserFault(failure);
    }
  }

  private BrokerOptions options() {
    var options =
        BrokerOptions.in(settings.data())
            .withDurability(settings.durability())
            .withOnFatal(this::fatal);
    return settings.kafkaPort().equals(OptionalInt.empty())
        ? options
        : options.withPort(settings.kafkaPort().getAsInt());
  }

  /// As of the last look, a moment ago.
  boolean isDiskLow() {
    return diskLow;
  }

  private Optional<String> trouble(EmbeddedBroker broker) {
    diskLow = broker.disk().isLow();
    if (!broker.isRunning()) {
      return Optional.of("the Kafka node inside has stopped");
    }
    return diskLow
        ? Optional.of("the disk is nearly full: " + broker.disk().freeBytes() + " bytes are free")
        : Optional.empty();
  }

  private void fatal(String fault) {
    LOG.atError().log("the Kafka node inside cannot go on: {}", fault);
    onFatal.run();
  }

  private void stop(EmbeddedBroker broker) {
    health.forget(PART);
    broker.close();
    address = Optional.empty();
  }
}
