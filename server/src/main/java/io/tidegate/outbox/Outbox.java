package io.tidegate.outbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.tidegate.base.Time;
import io.tidegate.delivery.CourierView;
import io.tidegate.delivery.Sender;
import io.tidegate.delivery.Verdicts;
import io.tidegate.http.Client;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.TopicSpec;
import io.tidegate.plan.EventSource;
import io.tidegate.plan.Pump;
import io.tidegate.registry.Kind;
import io.tidegate.registry.Registries;
import io.tidegate.registry.Registry;
import io.tidegate.registry.SealingKey;
import io.tidegate.registry.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/// Event destinations at work on one cluster: who subscribes to what, and how events are published.
///
/// Made before its registries start, started after them. Any thread.
public final class Outbox implements AutoCloseable {
  /// Who owns so many owns all that is owed to anybody.
  public static final int DELIVERY_PARTITIONS = Delivery.PARTITIONS;

  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Settings settings;
  private final Directory directory;
  private final Changes changes;
  private final EventIds ids;
  private final List<Fanout> fanouts;
  private final RecordLog log;
  private final SealingKey key;
  private final Time time;
  private final Publisher publisher;
  private final DoneByHand doneByHand;
  private final Streaks streaks;
  private final List<Deliveries> deliveries = new CopyOnWriteArrayList<>();
  private final Trials trials;
  private volatile Optional<Carrier> carrier = Optional.empty();
  private final Matcher matcher;
  private final Retries retries;

  /// @param topics which there are
  /// @param types that can be delivered to
  /// @param mostDestinations of one tenant
  /// @param disabling when destinations are disabled that only fail
  /// @param sources topics whose records are events too
  /// @param order JSON pointer to the field by which deliveries stay in order, if one does
  public record Settings(
      TopicPolicy topics,
      DestinationTypes types,
      int mostDestinations,
      Disabling disabling,
      List<EventSource> sources,
      Optional<String> order) {
    public Settings {
      sources = List.copyOf(sources);
    }

    /// Nothing but published events, in no order; destinations are disabled by people alone.
    public Settings(TopicPolicy topics, DestinationTypes types, int mostDestinations) {
      this(topics, types, mostDestinations, Disabling.NEVER, List.of(), Optional.empty());
    }
  }

  /// @param registries not started yet; this adds its kinds
  public Outbox(
      Settings settings, Registries registries, RecordLog log, SealingKey key, Time time) {
    this(settings, registries, log, key, time, new CompositeMeterRegistry());
  }

  /// The same, telling operators how it goes.
  public Outbox(
      Settings settings,
      Registries registries,
      RecordLog log,
      SealingKey key,
      Time time,
      MeterRegistry meters) {
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
    var needs =
        new Fanout.Needs(log, directory, settings.order().map(EventOrder::of), time, meters);
    this.fanouts =
        Stream.concat(
                Stream.of(new PublishedFeed(ids)),
                settings.sources().stream()
                    .map(source -> new SourceFeed(source, settings.topics())))
            .map(feed -> new Fanout(feed, needs))
            .toList();
    this.publisher = new Publisher(log, ids, directory);
    this.trials = new Trials(settings.types(), key, () -> carrier.filter(Carrier::isOpen), time);
    this.matcher = new Matcher(directory);
    this.retries = new Retries(log, matcher);
    this.doneByHand = new DoneByHand(log, time);
    this.streaks = new Streaks(settings.disabling(), log, changes, doneByHand, meters);
    directory.watch(this::changed);
  }

  private void changed(Optional<Snapshot<Destination>> before, Snapshot<Destination> now) {
    var key = now.value().key();
    if (now.value().isDeleted() || !now.value().isEnabled()) {
      streaks.forget(key);
    } else if (before.filter(each -> !each.value().isEnabled()).isPresent()) {
      deliveries.forEach(each -> Thread.ofVirtual().name("wake").start(() -> each.wake(key)));
    }
  }

  /// Who brings deliveries to destinations. Those are known to it by their keys.
  public interface Deliveries {

    /// What waits for that destination may go now.
    void wake(String key);

    CourierView.Queue queue(String key);
  }

  /// @return ends that
  public Runnable deliveredBy(Deliveries made) {
    deliveries.add(made);
    return () -> deliveries.remove(made);
  }

  /// What this instance owes a destination; nothing while it delivers nothing.
  public Optional<CourierView.Queue> queue(Destination destination) {
    return deliveries.stream().findFirst().map(each -> each.queue(destination.key()));
  }

  /// How often a destination has failed in a row, as far as this instance knows.
  public Optional<Streak> failing(Destination destination) {
    return streaks.of(destination.key());
  }

  /// The kinds whose topics must be there.
  public static List<Kind<?>> kinds(Settings settings, SealingKey key) {
    return List.of(new TenantKind(), new DestinationKind(settings.types(), settings.topics(), key));
  }

  /// The other topics that must be there. Their partition counts are for ever.
  public static List<TopicSpec> topics() {
    return List.of(EventForm.topic(), Delivery.topic(), DeliveryOutcome.spec(), Streaks.topic());
  }

  /// Takes part in making deliveries of events, too.
  public void start() {
    ids.start(LIMIT);
    streaks.start();
    fanouts.forEach(Fanout::start);
  }

  /// False when the ids of the events published lately are not all known within `limit`; until they
  /// are, events with ids of their publishers' are not taken. Nor when it is not known yet what was
  /// delivered by hand, and need not be tried any more. Waits.
  public boolean awaitReplay(Duration limit) {
    var deadline = time.nanos() + limit.toNanos();
    return ids.awaitReplay(limit)
        && streaks.awaitReplay(Duration.ofNanos(Math.max(0, deadline - time.nanos())));
  }

  /// Brings the deliveries of this pump to their destinations.
  ///
  /// @param client belongs to the caller
  /// @param ways for types with connections of their own, which end with the sender
  public Sender sender(Pump pump, Client client, Ways ways) {
    var fresh =
        new Carrier(
            new Carrier.Tools(
                settings.types(),
                directory,
                key,
                client,
                ways,
                new Verdicts(pump.retry(), time),
                time));
    carrier = Optional.of(fresh);
    return new DeliverySender(
        pump, new DeliverySender.Parts(log, directory, fresh, streaks, doneByHand, time));
  }

  /// Empty when all is well, else what is wrong.
  public Optional<String> check() {
    return fanouts.stream().flatMap(each -> each.check().stream()).findFirst();
  }

  /// Where events come from, and what becomes of them on this instance; published events first.
  public List<FeedView> feeds() {
    return fanouts.stream().map(Fanout::view).toList();
  }

  /// The destinations that are to get an event, by what this instance knows now.
  public List<Snapshot<Destination>> matching(Event event) {
    return matcher.matching(event);
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

  public Trials trials() {
    return trials;
  }

  /// What is brought to destinations once more because somebody asks for it.
  public Retries retries() {
    return retries;
  }

  /// The type of a destination, as long as this instance can deliver to it.
  public Optional<DestinationType> type(Destination destination) {
    return settings.types().find(destination.type());
  }

  @Override
  public void close() {
    fanouts.forEach(Fanout::close);
    streaks.close();
    ids.close();
  }
}
