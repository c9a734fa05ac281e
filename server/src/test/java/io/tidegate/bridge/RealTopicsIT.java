package io.tidegate.bridge;

import static io.tidegate.bridge.Gateway.ID;
import static io.tidegate.bridge.Gateway.fetchMany;
import static io.tidegate.bridge.Gateway.fetchOne;
import static io.tidegate.bridge.Gateway.oneWay;
import static io.tidegate.bridge.Gateway.produce;
import static io.tidegate.bridge.Gateway.replyTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.broker.SharedBroker;
import io.tidegate.log.Acks;
import io.tidegate.log.Entry;
import io.tidegate.log.Header;
import io.tidegate.log.KafkaLog;
import io.tidegate.log.KafkaSettings;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.TopicSpec;
import io.tidegate.log.Stored;
import io.tidegate.plan.Template;
import io.tidegate.view.StoredViews;
import io.tidegate.view.ViewOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The bridge on a real Kafka node and real views.
class RealTopicsIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;

  private final String items = "items-" + UUID.randomUUID();
  private final String requests = "requests-" + UUID.randomUUID();
  private final String replies = "replies-" + UUID.randomUUID();
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private RecordLog log;
  private StoredViews views;
  private Gateway gateway;

  @BeforeEach
  void start() {
    var registry = new SimpleMeterRegistry();
    log =
        new KafkaLog(KafkaSettings.plain("it", SharedBroker.bootstrap()), Time.system(), registry);
    log.create(
        List.of(
            new TopicSpec(items, 3, true, Map.of()),
            new TopicSpec(requests, 1, false, Map.of()),
            new TopicSpec(replies, 1, false, Map.of())),
        LIMIT);
    views =
        new StoredViews(
            ViewOptions.of("it", folder).withMemoryBytes(1 << 20), log, Time.system(), registry);
    views.start();
    var topics = new Topics(log, views, workers, Time.system());
    gateway = new Gateway(topics, Time.system());
    gateway.route("PUT", "/items/{id}", oneWay(items, ID));
    gateway.route("DELETE", "/items/{id}", oneWay(items, ID));
    gateway.route("GET", "/items", fetchMany(items));
    gateway.route("GET", "/items/{id}", fetchOne(items, ID));
    gateway.route("GET", "/none", fetchMany("none-" + items));
    gateway.route("PUT", "/none", oneWay("none-" + items, null));
    gateway.route(
        null,
        "/ask/{id}",
        produce(Template.text(requests), ID, List.of(), List.of(), replyTo(replies)));
  }

  @AfterEach
  void stop() {
    views.close();
    log.close();
    workers.close();
  }

  private Caller answered(Caller caller) {
    return caller.awaitReply(LIMIT);
  }

  private void put(String id, String body) {
    var caller = gateway.send("PUT", "/items/" + id, body, "content-type", "application/json");
    assertThat(answered(caller).status()).isEqualTo(204);
  }

  @Test
  void readsEachWriteAsSoonAsItIsAcknowledged() {
    for (int i = 0; i < 100; i++) {
      var body = "{\"n\":" + i + "}";
      put("k" + i % 7, body);
      assertThat(answered(gateway.get("/items/k" + i % 7)).body()).isEqualTo(body);
    }

    answered(gateway.send("DELETE", "/items/k3", ""));

    assertThat(answered(gateway.get("/items/k3")).status()).isEqualTo(404);
    var all = JsonMapper.shared().readTree(answered(gateway.get("/items")).body());
    assertThat(all.size()).isEqualTo(6);
  }

  @Test
  void answersConditionsAndWaits() {
    put("a", "1");
    var first = answered(gateway.get("/items/a"));
    var tag = first.header("etag").orElseThrow();
    var all = answered(gateway.get("/items")).header("etag").orElseThrow();

    assertThat(first.header("content-type")).contains("application/json");
    assertThat(answered(gateway.get("/items/a", "if-none-match", tag)).status()).isEqualTo(304);
    assertThat(answered(gateway.get("/items", "if-none-match", all)).status()).isEqualTo(304);

    var one = gateway.get("/items/a", "if-none-match", tag, "prefer", "wait=20");
    var many = gateway.get("/items", "if-none-match", all, "prefer", "wait=20");
    put("a", "2");
    assertThat(answered(one).body()).isEqualTo("2");
    assertThat(answered(many).body()).isEqualTo("[2]");
  }

  @Test
  void carriesManyRequestsToAServiceAndItsRepliesBack() {
    var seen = new AtomicInteger();
    try (var _ = serve(seen)) {
      var callers = new ArrayList<Caller>();
      for (int i = 0; i < 200; i++) {
        var key = "key-" + i / 2;
        callers.add(gateway.send("PUT", "/ask/" + i / 2, "body " + i / 2, "idempotency-key", key));
      }
      for (int i = 0; i < 200; i++) {
        var caller = answered(callers.get(i));
        assertThat(caller.status()).isEqualTo(201);
        assertThat(caller.body()).isEqualTo("re: body " + i / 2);
      }

      var again = answered(gateway.send("PUT", "/ask/7", "body 7", "idempotency-key", "key-7"));
      assertThat(again.body()).isEqualTo("re: body 7");
    }
    assertThat(seen).hasValue(100);
  }

  /// A service that answers each request from the topic.
  private RecordLog.Tail serve(AtomicInteger seen) {
    return log.follow(
        requests,
        Map.of(),
        RecordLog.From.EARLIEST,
        new RecordLog.Follower() {
          @Override
          public void records(int partition, List<Stored> records, long next) {
            for (var request : records) {
              seen.incrementAndGet();
              var id = request.header("zilla:correlation-id").orElseThrow();
              var headers =
                  List.of(Header.of(":status", "201"), new Header("zilla:correlation-id", id));
              var body = Bytes.utf8("re: " + request.value().utf8());
              var reply = new Entry(replies, request.key(), headers, body);
              log.append(reply, Acks.IN_SYNC_REPLICAS, _ -> {});
            }
          }

          @Override
          public void caughtUp(int partition, long next) {}
        });
  }

  @Test
  void streamsWhatDoesNotFitIntoMemoryToASlowReader() {
    var text = "\"" + "x".repeat(50_000) + "\"";
    for (int i = 0; i < 200; i++) {
      put("k" + i, text);
    }
    var caller = new Caller().reads(true);

    gateway.send(caller, Gateway.request("GET", "/items", ""));

    await()
        .atMost(LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> {
          caller.drain();
          return caller.isEnded();
        });
    assertThat(caller.mostQueued()).isLessThan(2 << 20);
    assertThat(JsonMapper.shared().readTree(caller.streamed()).size()).isEqualTo(200);
  }

  @Test
  void saysLaterWhereThereIsNoSuchTopic() {
    var read = answered(gateway.get("/none"));
    var written = answered(gateway.send("PUT", "/none", "x"));

    assertThat(read.status()).isEqualTo(503);
    assertThat(written.status()).isEqualTo(503);
    assertThat(written.header("retry-after")).isPresent();
  }
}
