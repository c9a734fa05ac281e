package io.tidegate.log;

import io.tidegate.base.Time;
import io.tidegate.log.Appended.Reason;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.TimeoutException;

/// Lets the appends of known topics through to the producer. Those of an unknown one wait aside
/// while it is looked up, so that a topic which is missing delays no other. Used by the writer's
/// thread alone.
final class Doors {
  private static final Duration LOOK_UP = Duration.ofSeconds(2);
  private static final Duration LEADERS = Duration.ofSeconds(1);
  private static final Duration AGAIN = Duration.ofMillis(200);
  private static final Duration BELIEVED = Duration.ofSeconds(1);
  private static final int LOOK_UPS = 64;
  private static final int REMEMBERED = 1024;

  private final Outlet outlet;
  private final KafkaCluster cluster;
  private final Executor writer;
  private final Time time;
  private final Map<String, Door> doors = new HashMap<>();
  private final AtomicInteger creations = new AtomicInteger();
  private int waiting;
  private double moved;

  Doors(Outlet outlet, KafkaCluster cluster, Executor writer, Time time) {
    this.outlet = outlet;
    this.cluster = cluster;
    this.writer = writer;
    this.time = time;
  }

  /// To be called before a run of appends: what is counted from here on was not sent before.
  void begin() {
    moved = outlet.moved();
  }

  void enter(Append append) {
    switch (doors.get(append.topic())) {
      case null -> knock(append);
      case Door.Waiting(var appends) -> appends.add(append);
      case Door.Open open -> pass(open, append);
      case Door.Shut shut when shut.isOver(time.nanos(), creations.get()) -> knock(append);
      case Door.Shut shut -> append.settle(shut.answer());
    }
  }

  private void knock(Append append) {
    if (waiting >= LOOK_UPS) {
      append.settle(
          new Appended.Unavailable(
              Reason.OVERLOADED, "too many topics are being looked up: try again"));
      return;
    }
    waiting++;
    var door = new Door.Waiting();
    door.appends().add(append);
    doors.put(append.topic(), door);
    lookUp(append.topic());
  }

  private void lookUp(String topic) {
    Thread.ofVirtual()
        .name("look up " + topic)
        .start(() -> {
          var found = find(topic);
          writer.execute(() -> answer(topic, found));
        });
  }

  private Found find(String topic) {
    try {
      outlet.open();
      var found = cluster.find(List.of(topic), LOOK_UP).get(topic);
      if (found instanceof Found.Topic known) {
        outlet.learn(topic, LOOK_UP);
        cluster.awaitLeaders(topic, known.partitions(), LEADERS);
      }
      return found == null ? new Found.Missing() : found;
    } catch (KafkaException | IllegalArgumentException away) {
      return new Found.Away(Failures.sentence(away));
    }
  }

  private void answer(String topic, Found found) {
    if (!(doors.get(topic) instanceof Door.Waiting(var appends))) {
      return;
    }
    switch (found) {
      case Found.Topic _ -> open(topic, appends);
      case Found.Missing _ ->
          shut(
              topic,
              appends,
              new Appended.Unavailable(
                  Reason.NO_SUCH_TOPIC, "there is no topic named '" + topic + "'"));
      case Found.Refused(var answer) -> shut(topic, appends, answer);
      case Found.Away(var cause) -> tryAgain(topic, appends, cause);
    }
  }

  private void open(String topic, Iterable<Append> appends) {
    waiting--;
    doors.put(topic, new Door.Open());
    begin();
    appends.forEach(append -> {
      if (!append.isSettled()) {
        enter(append);
      }
    });
  }

  private void shut(String topic, Iterable<Append> appends, Appended answer) {
    waiting--;
    if (doors.size() > REMEMBERED) {
      var now = time.nanos();
      doors
          .values()
          .removeIf(door -> door instanceof Door.Shut shut && shut.isOver(now, creations.get()));
    }
    doors.put(topic, new Door.Shut(answer, time.nanos() + BELIEVED.toNanos(), creations.get()));
    appends.forEach(append -> append.settle(answer));
  }

  private void tryAgain(String topic, java.util.Deque<Append> appends, String cause) {
    appends.removeIf(Append::isSettled);
    if (appends.isEmpty()) {
      waiting--;
      doors.remove(topic);
    } else {
      appends.forEach(append -> append.waitsBecause(cause));
      time.after(AGAIN, () -> lookUp(topic));
    }
  }

  private void pass(Door.Open open, Append append) {
    if (open.wantsKeysAt(time.nanos()) && append.isKeyless()) {
      append.settle(
          new Appended.Refused(
              Reason.INVALID,
              "topic '" + append.topic() + "' is compacted and takes no entry without a key"));
      return;
    }
    var producer = outlet.producer();
    var refusal = producer == null ? new KafkaException("replaced") : append.hand(producer, moved);
    if (refusal != null) {
      turnedDown(append, refusal);
    }
  }

  private void turnedDown(Append append, Exception refusal) {
    switch (refusal) {
      case BufferExhaustedException full ->
          append.settle(new Appended.Unavailable(Reason.OVERLOADED, Failures.sentence(full)));
      case TimeoutException forgotten -> {
        doors.remove(append.topic());
        knock(append);
      }
      case ApiException refused -> append.settle(Failures.answer(refused, false));
      default -> {
        outlet.drop(refusal);
        doors.values().removeIf(Door.Open.class::isInstance);
        knock(append);
      }
    }
  }

  /// Something was wrong with the topic: it is looked up again before the next append.
  void doubt(String topic) {
    if (doors.get(topic) instanceof Door.Open) {
      doors.remove(topic);
    }
  }

  /// The broker does not take entries without a key for this topic at the moment.
  void wantsKeys(String topic) {
    if (doors.get(topic) instanceof Door.Open open) {
      open.wantsKeys(time.nanos() + BELIEVED.toNanos());
    }
  }

  /// Topics were created: what was missing may be there now. For any thread.
  void topicsCreated() {
    creations.incrementAndGet();
  }
}
