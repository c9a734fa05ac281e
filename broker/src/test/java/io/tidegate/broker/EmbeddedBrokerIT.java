package io.tidegate.broker;

import static io.tidegate.broker.TestTopic.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Exit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class EmbeddedBrokerIT {

  @TempDir Path data;

  @Test
  void findsItsDataAndItsPortAgainAfterARestart() throws Exception {
    String before;
    try (var broker = start()) {
      before = broker.bootstrap();
      new TestTopic(before, "orders").create(Map.of()).append("k", "first");
    }

    try (var broker = start()) {
      var topic = new TestTopic(broker.bootstrap(), "orders");
      topic.append("k", "second");

      assertThat(broker.bootstrap()).isEqualTo(before).startsWith("127.0.0.1:");
      assertThat(topic.values(2)).containsExactly("first", "second");
    }
  }

  @Test
  void movesToAnotherPortWhenTheRememberedOneIsTakenAndRemembersThat() throws Exception {
    int before;
    try (var broker = start()) {
      before = port(broker);
    }

    int after;
    try (var other = new ServerSocket(before, 1, InetAddress.ofLiteral("127.0.0.1"));
        var broker = start()) {
      after = port(broker);
      assertThat(after).isNotEqualTo(other.getLocalPort());
    }

    try (var broker = start()) {
      assertThat(port(broker)).isEqualTo(after);
    }
  }

  @Test
  void syncsEveryAppendWhenAskedTo() throws Exception {
    var options = BrokerOptions.in(data).withPort(0).withDurability(Durability.FSYNC);
    try (var broker = EmbeddedBroker.start(options)) {
      var topic = new TestTopic(broker.bootstrap(), "orders").create(Map.of());

      topic.append("k", "synced");

      assertThat(topic.values(1)).containsExactly("synced");
    }
  }

  @Test
  void mayBeClosedTwiceAndSaysThatItHasStopped() {
    var broker = start();
    assertThat(broker.isRunning()).isTrue();

    broker.close();
    broker.close();

    assertThat(broker.isRunning()).isFalse();
  }

  @Test
  void startsAndStopsWithoutAnErrorInTheLog() {
    var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    var errors = new ErrorsOfItsOwn();
    errors.start();
    root.addAppender(errors);

    start().close();

    root.detachAppender(errors);
    assertThat(errors.seen).isEmpty();
  }

  /// What this thread and those begun after it was made say; the brokers of other tests may be in
  /// trouble meanwhile.
  private static final class ErrorsOfItsOwn extends AppenderBase<ILoggingEvent> {
    private final List<ILoggingEvent> seen = new CopyOnWriteArrayList<>();
    private final Set<Thread> others = new HashSet<>(Thread.getAllStackTraces().keySet());

    ErrorsOfItsOwn() {
      others.remove(Thread.currentThread());
    }

    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLevel().isGreaterOrEqual(Level.ERROR)
          && !others.contains(Thread.currentThread())) {
        seen.add(event);
      }
    }
  }

  @Test
  void tellsOfAFatalFaultOnceInsteadOfEndingTheProcess() throws IOException {
    var told = new CompletableFuture<String>();
    // stays until the next clean build: after a fault some of its threads may still write there
    var folder = Files.createTempDirectory(Path.of("target"), "fatal-fault-");
    var options = BrokerOptions.in(folder).withPort(0).withOnFatal(told::complete);
    try (var broker = EmbeddedBroker.start(options)) {
      Thread.ofPlatform()
          .uncaughtExceptionHandler((_, _) -> {})
          .start(() -> Exit.halt(1, "all log folders have failed"));

      await().atMost(TestTopic.LIMIT).until(told::isDone);
      assertThat(told.join()).contains("status 1").endsWith("all log folders have failed");
      assertThat(broker.isRunning()).isFalse();
    }
  }

  @Test
  void keepsEveryKindOfCompressedBatch() throws Exception {
    var topic = new TestTopic(SharedBroker.bootstrap(), "compressed").create(Map.of());
    var kinds = List.of("zstd", "lz4", "snappy", "gzip");

    for (var kind : kinds) {
      try (var producer = topic.producer(kind)) {
        get(producer.send(new ProducerRecord<>(topic.name(), "k", kind.repeat(1000))));
      }
    }

    assertThat(topic.values(4)).isEqualTo(kinds.stream().map(kind -> kind.repeat(1000)).toList());
  }

  @Test
  void servesTransactionsAndConsumerGroups() throws Exception {
    var topic = new TestTopic(SharedBroker.bootstrap(), "transactions").create(Map.of());

    topic.appendInTransaction("k", "committed");

    assertThat(topic.readAndCommit("readers")).containsExactly("committed");
    assertThat(topic.committedOffset("readers")).isEqualTo(1);
  }

  @Test
  void compactsACompactedTopic() throws Exception {
    var compact =
        Map.of(
            "cleanup.policy", "compact",
            "segment.ms", "100",
            "min.cleanable.dirty.ratio", "0.01",
            "min.compaction.lag.ms", "0");
    var topic = new TestTopic(SharedBroker.bootstrap(), "compacted").create(compact);

    topic.append("k", "old");
    await()
        .atMost(TestTopic.LIMIT)
        .until(() -> {
          topic.append("k", "new");
          return !topic.values(1).contains("old");
        });
  }

  @Test
  void tellsTheFreeSpaceOfItsDisk() {
    var disk = SharedBroker.broker().disk();

    assertThat(disk.freeBytes()).isPositive();
    assertThat(new DiskSpace(disk.folder(), Long.MAX_VALUE).isLow()).isTrue();
    assertThat(new DiskSpace(disk.folder(), 0).isLow()).isFalse();
  }

  private Broker start() {
    return EmbeddedBroker.start(BrokerOptions.in(data).withPort(0));
  }

  private static int port(Broker broker) {
    return Integer.parseInt(broker.bootstrap().split(":")[1]);
  }
}
