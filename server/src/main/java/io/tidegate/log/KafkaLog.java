package io.tidegate.log;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.base.Time;
import io.tidegate.log.Appended.Reason;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;

/// A Kafka cluster as a record log. The cluster need not be there when it is made, nor all the time:
/// it is reached, or reached again, when it can be.
///
///     append                  → Writer (one per `Acks`) → Doors → Outlet: Kafka's producer
///     follow                  → KafkaTail (one per call) ← TopicWatch
///     own                     → KafkaOwnership (one per call): a member of a group ← TopicWatch
///     read                    → KafkaReaders: a few consumers in turn
///     describe, create, check → Topics → KafkaCluster: Kafka's admin client
public final class KafkaLog implements RecordLog {
  private static final Duration GOODBYE = Duration.ofSeconds(3);

  private final Time time;
  private final ClientConfigs configs;
  private final KafkaCluster cluster;
  private final Topics topics;
  private final TopicWatch watch;
  private final KafkaReaders readers;
  private final InFlight inFlight;
  private final AppendMeters meters;
  private final Gauges lags;
  private final Map<Acks, Writer> writers = new EnumMap<>(Acks.class);
  private final Set<KafkaTail> tails = ConcurrentHashMap.newKeySet();
  private final Set<KafkaOwnership> memberships = ConcurrentHashMap.newKeySet();
  private final Set<String> followed = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  public KafkaLog(KafkaSettings settings, Time time, MeterRegistry registry) {
    this.time = time;
    this.configs = new ClientConfigs(settings);
    this.cluster = new KafkaCluster(configs);
    this.topics = new Topics(cluster);
    this.watch = new TopicWatch(cluster, time);
    this.readers = new KafkaReaders(configs);
    this.inFlight = new InFlight(settings.limits());
    this.meters = new AppendMeters(registry, settings.name(), inFlight);
    this.lags = new Gauges(registry, settings.name());
    for (var acks : Acks.values()) {
      var outlet = new Outlet(configs, acks);
      writers.put(acks, new Writer(settings, time, inFlight, meters, outlet, cluster));
    }
  }

  @Override
  public void append(Entry entry, Acks acks, Consumer<Appended> then) {
    var size = Records.size(entry);
    if (!inFlight.canEverTake(size)) {
      refuse(new Appended.Refused(Reason.TOO_LARGE, size + " bytes are more than fits"), then);
    } else if (!inFlight.take(size)) {
      refuse(new Appended.Unavailable(Reason.OVERLOADED, "too much is waiting to be stored"), then);
    } else {
      writer(acks).append(entry, size, then);
    }
  }

  private void refuse(Appended answer, Consumer<Appended> then) {
    meters.count(answer, 0);
    then.accept(answer);
  }

  private Writer writer(Acks acks) {
    var writer = writers.get(acks);
    if (writer == null) {
      throw new IllegalArgumentException("no writer for " + acks);
    }
    return writer;
  }

  /// For a test that breaks it.
  Outlet outlet(Acks acks) {
    return writer(acks).outlet();
  }

  @Override
  public Optional<TopicInfo> describe(String topic, Duration limit) {
    return asking(() -> topics.describe(topic, limit));
  }

  @Override
  public void create(Collection<TopicSpec> wanted, Duration limit) {
    asking(() -> {
      topics.create(wanted, limit);
      return true;
    });
    writers.values().forEach(Writer::topicsCreated);
    watch.look();
  }

  @Override
  public Tail follow(String topic, Map<Integer, Long> next, From from, Follower follower) {
    var start = new Itinerary.Start(next, from);
    var tail = new KafkaTail(topic, configs, cluster, watch, time, start, follower);
    tails.removeIf(KafkaTail::isOver);
    tails.add(tail);
    if (followed.add(topic)) {
      lags.add("tidegate.log.follow.lag", "Records not read yet", topic, this, _ -> lag(topic));
    }
    tail.start();
    if (closed) {
      tail.close();
    }
    return tail;
  }

  @Override
  public Ownership own(String topic, String group, Owner owner) {
    var settings = configs.member(topic, group, !owner.isImpatient());
    var membership = new KafkaOwnership(topic, settings, time, watch, owner);
    memberships.removeIf(KafkaOwnership::isOver);
    memberships.add(membership);
    membership.start();
    if (closed) {
      membership.close();
    }
    return membership;
  }

  @Override
  public Stretch read(String topic, int partition, long from, int bytes, Duration limit) {
    return readers.read(topic, partition, from, bytes, limit);
  }

  private double lag(String topic) {
    return tails.stream()
        .filter(tail -> tail.topic().equals(topic) && !tail.isOver())
        .mapToLong(KafkaTail::lag)
        .max()
        .orElse(0);
  }

  @Override
  public Optional<String> check(Duration limit) {
    return cluster.check(limit);
  }

  private static <T> T asking(java.util.function.Supplier<T> question) {
    try {
      return question.get();
    } catch (KafkaException failed) {
      throw new LogUnavailable("the cluster cannot be asked", failed);
    }
  }

  @Override
  public void close() {
    closed = true;
    watch.close();
    memberships.forEach(KafkaOwnership::end);
    tails.forEach(KafkaTail::end);
    tails.forEach(KafkaTail::close);
    memberships.forEach(KafkaOwnership::close);
    writers.values().forEach(writer -> writer.end(GOODBYE));
    writers.values().forEach(writer -> writer.awaitEnd(GOODBYE));
    readers.close();
    cluster.close();
    meters.close();
    lags.close();
  }
}
