package io.tidegate.log;

import io.tidegate.base.Time;
import io.tidegate.log.RecordLog.Follower;
import io.tidegate.log.RecordLog.From;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/// Which partitions of a topic are read, from where, and how far it got. Used by the tail's thread
/// alone; what must be asked of the cluster is asked on the side and comes back as a note.
final class Itinerary {
  private static final Duration ASKING = Duration.ofSeconds(3);
  private static final Duration AGAIN = Duration.ofMillis(500);

  /// @param next where to go on, by partition
  /// @param from where to begin the others
  record Start(Map<Integer, Long> next, From from) {}

  /// Passes something on to the follower.
  interface Teller {
    void tell(java.util.function.Consumer<Follower> what);
  }

  private final String topic;
  private final KafkaCluster cluster;
  private final Time time;
  private final Executor notes;
  private final Teller teller;
  private final Map<Integer, Long> wanted;
  private final Map<Integer, Place> places = new TreeMap<>();
  private final Set<Integer> known = new HashSet<>();
  private final Set<Integer> asked = new HashSet<>();
  private final Set<Integer> replaced = new HashSet<>();
  private final Set<Integer> fromEnd = new HashSet<>();
  private final Set<Integer> paused = new HashSet<>();
  private From from;
  private boolean late;
  private @Nullable Uuid id;
  private @Nullable Consumer<?, ?> consumer;

  Itinerary(
      String topic, KafkaCluster cluster, Time time, Start start, Executor notes, Teller teller) {
    this.topic = topic;
    this.cluster = cluster;
    this.time = time;
    this.wanted = new HashMap<>(start.next());
    this.from = start.from();
    this.notes = notes;
    this.teller = teller;
  }

  boolean isUnpaused() {
    return paused.isEmpty();
  }

  /// Partitions came in while the consumer was waiting for others. A new one asks for all at once.
  boolean wantsNewConsumer() {
    return late;
  }

  boolean isUnderWay() {
    return !places.isEmpty();
  }

  @Nullable Place place(int partition) {
    return places.get(partition);
  }

  /// Goes on with that consumer where the last one stopped.
  void travelWith(Consumer<?, ?> consumer) {
    this.consumer = consumer;
    late = false;
    assign();
    places.forEach((partition, place) -> board(partition, place));
  }

  void alight() {
    consumer = null;
  }

  private void assign() {
    if (consumer != null) {
      consumer.assign(places.keySet().stream().map(this::key).toList());
    }
  }

  private void board(int partition, Place place) {
    if (consumer != null) {
      consumer.seek(key(partition), place.next());
      if (paused.contains(partition)) {
        consumer.pause(List.of(key(partition)));
      }
    }
  }

  private TopicPartition key(int partition) {
    return new TopicPartition(topic, partition);
  }

  void pause(int partition) {
    paused.add(partition);
    if (consumer != null && places.containsKey(partition)) {
      consumer.pause(List.of(key(partition)));
    }
  }

  void resume(int partition) {
    paused.remove(partition);
    if (consumer != null && places.containsKey(partition)) {
      consumer.resume(List.of(key(partition)));
    }
  }

  /// Takes in what the topic looks like now, and says what is wrong with it.
  Optional<String> found(Found found) {
    return switch (found) {
      case Found.Topic seen -> {
        take(seen);
        yield seen.leaderless().isEmpty()
            ? Optional.empty()
            : Optional.of("no broker leads the partitions " + seen.leaderless() + " of " + topic);
      }
      case Found.Missing _ -> {
        from = From.EARLIEST; // if it comes, it comes after following has begun
        yield Optional.of("there is no topic named '" + topic + "'");
      }
      case Found.Refused(var answer) -> Optional.of(answer.cause());
      case Found.Away(var cause) -> Optional.of("the cluster cannot be reached: " + cause);
    };
  }

  private void take(Found.Topic seen) {
    if (id != null && !id.equals(seen.id())) {
      replaced.addAll(places.keySet());
      replaced.addAll(asked);
      places.clear();
      wanted.clear();
      assign();
    }
    id = seen.id();
    known.clear();
    known.addAll(seen.partitions());
    var unread = new ArrayList<>(seen.partitions());
    unread.removeAll(places.keySet());
    if (from == From.LATEST) {
      fromEnd.addAll(unread);
      from = From.EARLIEST; // partitions added later are read from their beginning
    }
    unread.removeAll(asked);
    unread.removeAll(seen.leaderless());
    ask(unread);
  }

  private void ask(Collection<Integer> partitions) {
    if (!partitions.isEmpty()) {
      asked.addAll(partitions);
      var about = id;
      Thread.ofVirtual()
          .name("offsets of " + topic)
          .start(() -> {
            var bounds = cluster.bounds(topic, partitions, ASKING);
            notes.execute(() -> answered(partitions, bounds, about));
          });
    }
  }

  private void answered(
      Collection<Integer> partitions, Map<Integer, Bounds> bounds, @Nullable Uuid about) {
    asked.removeAll(partitions);
    var unanswered = new ArrayList<Integer>();
    late |= isUnderWay() && !bounds.isEmpty();
    for (var partition : partitions) {
      var found = bounds.get(partition);
      if (found != null && about != null && about.equals(id)) {
        begin(partition, found);
      } else if (known.contains(partition)) {
        unanswered.add(partition);
      }
    }
    if (!unanswered.isEmpty()) {
      asked.addAll(unanswered);
      time.after(AGAIN, () -> notes.execute(() -> ask(unanswered)));
    }
  }

  private void begin(int partition, Bounds bounds) {
    var place = new Place(start(partition, bounds), bounds.stable());
    places.put(partition, place);
    assign();
    board(partition, place);
    if (place.catchesUp()) {
      teller.tell(told -> told.caughtUp(partition, place.next()));
    }
  }

  private long start(int partition, Bounds bounds) {
    var next = wanted.remove(partition);
    var atEnd = fromEnd.remove(partition);
    if (replaced.remove(partition) || (next != null && !bounds.contains(next))) {
      teller.tell(told -> told.truncated(partition, bounds.first()));
      return bounds.first();
    }
    if (next != null) {
      return next;
    }
    return atEnd ? bounds.stable() : bounds.first();
  }

  /// The broker has nothing at the place where reading stands.
  ///
  /// @param rewritten other records took the place of some that were read
  void lost(int partition, boolean rewritten) {
    var place = places.remove(partition);
    if (place != null) {
      wanted.put(partition, place.next());
      if (rewritten) {
        replaced.add(partition);
      }
      assign();
      ask(List.of(partition));
    }
  }
}
