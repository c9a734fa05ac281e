package io.tidegate.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.broker.BrokerOptions;
import io.tidegate.broker.EmbeddedBroker;
import io.tidegate.broker.SharedBroker;
import io.tidegate.log.Appended.At;
import io.tidegate.log.Appended.Reason;
import io.tidegate.log.Appended.Unavailable;
import io.tidegate.log.RecordLog.From;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.RecordLog.TopicSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Appending and following while the cluster misbehaves.
class KafkaFaultsIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /// When every append is answered, with room for a busy machine.
  private static final Duration PROMISED = KafkaSettings.Limits.USUAL.append().plusSeconds(4);

  private final String topic = "faults-" + UUID.randomUUID();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<RecordLog> logs = new ArrayList<>();

  @TempDir Path data;

  @AfterEach
  void closeLogs() {
    logs.forEach(RecordLog::close);
  }

  private RecordLog log(String bootstrap) {
    var log = new KafkaLog(KafkaSettings.plain("faulty", bootstrap), Time.system(), meters);
    logs.add(log);
    return log;
  }

  private void create(RecordLog log, boolean compacted) {
    log.create(List.of(new TopicSpec(topic, 1, compacted, Map.of())), LIMIT);
  }

  private static CompletableFuture<Appended> append(
      RecordLog log, String topic, @org.jspecify.annotations.Nullable String key, String value) {
    var answer = new CompletableFuture<Appended>();
    log.append(
        new Entry(topic, key == null ? null : Bytes.utf8(key), List.of(), Bytes.utf8(value)),
        Acks.IN_SYNC_REPLICAS,
        answer::complete);
    return answer;
  }

  private static Appended answer(CompletableFuture<Appended> answer) {
    return answer.orTimeout(10, TimeUnit.SECONDS).join();
  }

  @Test
  void aMissingTopicDelaysNoOther() {
    var log = log(SharedBroker.bootstrap());
    create(log, false);
    answer(append(log, topic, "k", "warm"));
    var missing = IntStream.range(0, 200).mapToObj(i -> append(log, "no-" + i, "k", "v")).toList();
    var begun = System.nanoTime();

    var stored = answer(append(log, topic, "k", "v"));

    assertThat(stored).isEqualTo(new At(0, 1));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
    assertThat(missing)
        .allSatisfy(each -> assertThat(answer(each)).isInstanceOf(Unavailable.class));
  }

  @Test
  void refusesWhatCannotBeATopicsName() {
    var log = log(SharedBroker.bootstrap());

    assertThat(answer(append(log, "no/such name", "k", "v")))
        .isInstanceOfSatisfying(
            Appended.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.INVALID));
  }

  @Test
  void answersEverythingInTimeWhereNobodyListens() throws IOException {
    var log = log("127.0.0.1:" + freePort());
    var begun = System.nanoTime();

    var answers =
        IntStream.range(0, 10_000).mapToObj(i -> append(log, topic, "k", "v" + i)).toList();

    assertThat(answers)
        .allSatisfy(each -> assertThat(answer(each)).isInstanceOf(Unavailable.class));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PROMISED);
    assertThat(answer(answers.getFirst()))
        .isInstanceOfSatisfying(
            Unavailable.class,
            unavailable -> assertThat(unavailable.reason()).isEqualTo(Reason.UNREACHABLE));
    assertThat(answer(answers.getLast()))
        .isInstanceOfSatisfying(
            Unavailable.class,
            unavailable -> assertThat(unavailable.reason()).isEqualTo(Reason.OVERLOADED));
    assertThat(meters.get("tidegate.log.append.queue").gauge().value()).isZero();
    assertThat(meters.get("tidegate.log.append.inflight.bytes").gauge().value()).isZero();
  }

  @Test
  void answersInTimeWhereSomebodyListensButNeverSpeaks() throws IOException {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var log = log("127.0.0.1:" + silent.getLocalPort());
      var begun = System.nanoTime();

      var answer = answer(append(log, topic, "k", "v"));

      assertThat(answer).isInstanceOf(Unavailable.class);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PROMISED);
    }
  }

  @Test
  void answersInTimeWhereTheNameOfTheServerIsUnknown() {
    var log = log("no-such-host.invalid:9092");
    var begun = System.nanoTime();

    var answer = answer(append(log, topic, "k", "v"));

    assertThat(answer).isInstanceOf(Unavailable.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PROMISED);
    assertThat(log.check(Duration.ofSeconds(1))).isPresent();
  }

  @Test
  void saysWithinTheLimitThatTheClusterIsAway() throws IOException {
    var log = log("127.0.0.1:" + freePort());
    var limit = Duration.ofMillis(700);
    var begun = System.nanoTime();

    assertThat(log.check(limit)).isPresent();
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> log.describe(topic, limit))
        .isInstanceOf(LogUnavailable.class);
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> log.create(List.of(new TopicSpec(topic, 1, false, Map.of())), limit))
        .isInstanceOf(LogUnavailable.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
  }

  @Test
  void closesInTimeWhileTheClusterIsAway() throws IOException {
    var log = log("127.0.0.1:" + freePort());
    log.follow(topic, Map.of(), From.EARLIEST, new Seen());
    var waiting = append(log, topic, "k", "v");
    var begun = System.nanoTime();

    log.close();

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
    assertThat(answer(waiting))
        .isInstanceOfSatisfying(
            Unavailable.class,
            unavailable -> assertThat(unavailable.reason()).isEqualTo(Reason.CLOSED));
  }

  @Test
  void losesNothingThatWasAcknowledgedWhenTheBrokerRestarts() throws InterruptedException {
    var options = BrokerOptions.in(data).withPort(0);
    var broker = EmbeddedBroker.start(options);
    var log = log(broker.bootstrap());
    create(log, false);
    var seen = new Seen();
    log.follow(topic, Map.of(), From.EARLIEST, seen);
    var acknowledged = new AtomicInteger();
    var stored = java.util.Collections.synchronizedMap(new java.util.TreeMap<Long, String>());
    var unanswered = new AtomicInteger();
    var stop = new AtomicBoolean();
    var writer =
        Thread.ofVirtual()
            .start(() -> {
              for (var i = 0; !stop.get(); i++) {
                var value = "v" + i;
                unanswered.incrementAndGet();
                append(log, topic, "k", value)
                    .thenAccept(answer -> {
                      unanswered.decrementAndGet();
                      if (answer instanceof At(var _, var offset)) {
                        stored.put(offset, value);
                        acknowledged.incrementAndGet();
                      }
                    });
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
              }
            });
    await().atMost(LIMIT).until(() -> acknowledged.get() > 200);

    broker.close();
    await().atMost(LIMIT).until(seen::isInTrouble);
    broker = EmbeddedBroker.start(options);
    var before = acknowledged.get();
    await().atMost(LIMIT).until(() -> acknowledged.get() > before + 200);
    stop.set(true);
    writer.join();

    await().atMost(PROMISED.plusSeconds(1)).until(() -> unanswered.get() == 0);
    await()
        .atMost(LIMIT)
        .until(() ->
            seen.next.get(0)
                > stored.keySet().stream().mapToLong(Long::longValue).max().orElseThrow());
    stored.forEach(
        (offset, value) -> assertThat(seen.values().get(offset.intValue())).isEqualTo(value));
    assertThat(seen.isInTrouble()).isFalse();
    log.close();
    broker.close();
  }

  @Test
  void oneBadEntryDoesNotFailTheOthersOfItsBatch() {
    var log = log(SharedBroker.bootstrap());
    create(log, true);
    answer(append(log, topic, "k", "warm"));

    var answers =
        IntStream.range(0, 3000)
            .mapToObj(i -> append(log, topic, i % 10 == 0 ? null : "k" + i, "v"))
            .toList();

    for (var i = 0; i < answers.size(); i++) {
      if (i % 10 == 0) {
        assertThat(answer(answers.get(i)))
            .isInstanceOfSatisfying(
                Appended.Refused.class,
                refused -> assertThat(refused.reason()).isEqualTo(Reason.INVALID));
      } else {
        assertThat(answer(answers.get(i))).isInstanceOf(At.class);
      }
    }
  }

  @Test
  void goesOnWhenATopicIsDeletedAndCreatedAgain() {
    try (var other = new ForeignClient(SharedBroker.bootstrap())) {
      var log = log(SharedBroker.bootstrap());
      create(log, false);
      answer(append(log, topic, "k", "old"));
      other.delete(topic);
      await()
          .atMost(LIMIT)
          .until(() -> answer(append(log, topic, "k", "none")) instanceof Unavailable);

      other.create(topic, 1);

      await().atMost(LIMIT).until(() -> answer(append(log, topic, "k", "new")) instanceof At);
    }
  }

  @Test
  void answersEverythingWhenItsProducerIsReplaced() {
    var log = (KafkaLog) log(SharedBroker.bootstrap());
    create(log, false);
    var answers = new ArrayList<CompletableFuture<Appended>>();
    for (var i = 0; i < 5_000; i++) {
      answers.add(append(log, topic, "k", "v" + i));
      if (i % 1000 == 500) {
        log.outlet(Acks.IN_SYNC_REPLICAS).drop(new IllegalStateException("fenced"));
      }
    }

    assertThat(answers).allSatisfy(each -> answer(each));
    assertThat(answer(append(log, topic, "k", "after"))).isInstanceOf(At.class);
  }

  @Test
  void countsHowAppendsEnd() {
    var log = log(SharedBroker.bootstrap());
    create(log, false);
    answer(append(log, topic, "k", "v"));
    answer(append(log, "no-" + topic, "k", "v"));

    assertThat(meters.get("tidegate.log.appends").tag("outcome", "stored").counter().count())
        .isEqualTo(1);
    assertThat(
            meters
                .get("tidegate.log.appends")
                .tag("reason", "no_such_topic")
                .tag("outcome", "unavailable")
                .counter()
                .count())
        .isEqualTo(1);
    assertThat(meters.get("tidegate.log.append.seconds").timer().count()).isEqualTo(2);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
