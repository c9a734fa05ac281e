package io.tidegate.outbox;

import io.tidegate.base.Time;
import io.tidegate.delivery.Sender;
import io.tidegate.http.Client;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.TopicSpec;
import io.tidegate.plan.Pump;
import io.tidegate.registry.Kind;
import io.tidegate.registry.Registries;
import io.tidegate.registry.Registry;
import io.tidegate.registry.SealingKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Event destinations at work on one cluster: who subscribes to what, and how events are published.
///
/// Made before its registries start, started after them. Any thread.
public final class Outbox implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Settings settings;
  private final Directory directory;
  private final Changes changes;
  private final EventIds ids;
  private final Fanout fanout;
  private final RecordLog log;
  private final SealingKey key;
  private final Time time;
  private final Publisher publisher;

  /// @param topics which there are
  /// @param types that can be delivered to
  /// @param mostDestinations of one tenant
  public record Settings(TopicPolicy topics, DestinationTypes types, int mostDestinations) {}

  /// @param registries not started yet; this adds its kinds
  public Outbox(
      Settings settings, Registries registries, RecordLog log, SealingKey key, Time time) {
    this.settings = settings;
    this.log = log;
    this.key = key;
    this.time = time;
    this.directory =
        new Directory(
            new Directory.Registries() {
              @Override
              public Registry<Tenant> tenants() {
                return registries.add(new TenantKind());
              }

              @Override
              public Registry<Destination> destinations(Registry.Watcher<Destination> watcher) {
                return registries.add(
                    new DestinationKind(settings.types(), settings.topics(), key), watcher);
              }
            });
    this.changes =
        new Changes(registries, directory, settings.types(), key, settings.mostDestinations());
    this.ids = new EventIds(log, time);
    this.fanout = new Fanout(log, directory, ids, time);
    this.publisher = new Publisher(log, ids, directory);
  }

  /// The kinds whose topics must be there.
  public static List<Kind<?>> kinds(Settings settings, SealingKey key) {
    return List.of(new TenantKind(), new DestinationKind(settings.types(), settings.topics(), key));
  }

  /// The other topics that must be there. Their partition counts are for ever.
  public static List<TopicSpec> topics() {
    return List.of(EventForm.topic(), Delivery.topic());
  }

  /// Takes part in making deliveries of events, too.
  public void start() {
    ids.start(LIMIT);
    fanout.start();
  }

  /// False when the ids of the events published lately are not all known within `limit`; until they
  /// are, events with ids of their publishers' are not taken. Waits.
  public boolean awaitReplay(Duration limit) {
    return ids.awaitReplay(limit);
  }

  /// Brings the deliveries of this pump to their destinations.
  ///
  /// @param client belongs to the caller
  public Sender sender(Pump pump, Client client) {
    return new DeliverySender(
        pump, new DeliverySender.Parts(log, directory, settings.types(), key, client, time));
  }

  /// Empty when all is well, else what is wrong.
  public Optional<String> check() {
    return fanout.check();
  }

  public Settings settings() {
    return settings;
  }

  public Directory directory() {
    return directory;
  }

  public Changes changes() {
    return changes;
  }

  public Publisher publisher() {
    return publisher;
  }

  /// The type of a destination, as long as this instance can deliver to it.
  public Optional<DestinationType> type(Destination destination) {
    return settings.types().find(destination.type());
  }

  @Override
  public void close() {
    fanout.close();
    ids.close();
  }
}
