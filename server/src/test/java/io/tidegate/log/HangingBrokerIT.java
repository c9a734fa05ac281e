package io.tidegate.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.log.Appended.At;
import io.tidegate.log.RecordLog.From;
import io.tidegate.log.RecordLog.TopicSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A broker that keeps its connections and says nothing any more.
class HangingBrokerIT {
  private static final String TOPIC = "hanging";

  /// When every append is answered, with room for a busy machine.
  private static final Duration PROMISED = KafkaSettings.Limits.USUAL.append().plusSeconds(4);

  @TempDir Path folder;

  private StallingProxy proxy;
  private KraftNode node;
  private RecordLog log;

  @BeforeEach
  void start() throws Exception {
    var port = KraftNode.freePort();
    proxy = new StallingProxy(port);
    var outside = "127.0.0.1:" + proxy.port();
    node =
        new KraftNode(
            folder.resolve("kafka"),
            Map.of(
                "listeners", "INNER://127.0.0.1:" + port,
                "advertised.listeners", "INNER://" + outside,
                "listener.security.protocol.map", "INNER:PLAINTEXT,CONTROLLER:PLAINTEXT"));
    log =
        new KafkaLog(
            KafkaSettings.plain("hanging", outside), Time.system(), new SimpleMeterRegistry());
    log.create(List.of(new TopicSpec(TOPIC, 1, false, Map.of())), Seen.LIMIT);
  }

  @AfterEach
  void stop() throws Exception {
    proxy.stall(false);
    log.close();
    node.close();
    proxy.close();
  }

  @Test
  void answersInTimeAndStoresNothingTwice() {
    var seen = new Seen();
    log.follow(TOPIC, Map.of(), From.EARLIEST, seen);
    assertThat(answer(append("before"))).isEqualTo(new At(0, 0));
    proxy.stall(true);
    var begun = System.nanoTime();

    var answers = IntStream.range(0, 500).mapToObj(i -> append("v" + i)).toList();

    assertThat(answers)
        .allSatisfy(each -> {
          assertThat(answer(each)).isNotInstanceOfAny(At.class, Appended.Refused.class);
        });
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PROMISED);
    await().atMost(Seen.LIMIT).until(seen::isInTrouble);
    proxy.stall(false);
    await().atMost(Seen.LIMIT).until(() -> answer(append("after")) instanceof At);
    await().atMost(Seen.LIMIT).until(() -> seen.values().contains("after"));
    assertThat(seen.values().stream().filter(value -> value.startsWith("v")))
        .doesNotHaveDuplicates();
    await().atMost(Seen.LIMIT).until(() -> !seen.isInTrouble());
  }

  @Test
  void closesInTime() {
    assertThat(answer(append("before"))).isEqualTo(new At(0, 0));
    log.follow(TOPIC, Map.of(), From.EARLIEST, new Seen());
    proxy.stall(true);
    var waiting = append("waiting");
    var begun = System.nanoTime();

    log.close();

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
    assertThat(answer(waiting)).isInstanceOf(Appended.Unknown.class);
  }

  private CompletableFuture<Appended> append(String value) {
    var answer = new CompletableFuture<Appended>();
    log.append(
        new Entry(TOPIC, Bytes.utf8("k"), List.of(), Bytes.utf8(value)),
        Acks.IN_SYNC_REPLICAS,
        answer::complete);
    return answer;
  }

  private static Appended answer(CompletableFuture<Appended> answer) {
    return answer.orTimeout(10, TimeUnit.SECONDS).join();
  }
}
