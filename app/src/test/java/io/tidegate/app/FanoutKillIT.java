package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.tidegate.app.FanoutHistory.Judgement;
import io.tidegate.base.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Publishes for many destinations while the whole process, log included, is killed as `kill -9`
/// does, again and again; then holds what lies in the topic of deliveries against what lies in the
/// topics of events: each event once for each destination that it matches, and nothing else.
///
/// Short by default; `-Dtidegate.fanout.events=100000 -Dtidegate.fanout.kills=20` makes it long.
class FanoutKillIT {
  private static final int EVENTS = Integer.getInteger("tidegate.fanout.events", 3_000);
  private static final int KILLS = Integer.getInteger("tidegate.fanout.kills", 3);
  private static final int TENANTS = 20;
  private static final int WRITERS = 6;
  private static final int BATCH = 21;

  /// What the five destinations of each tenant subscribe to.
  private static final List<String> SUBSCRIPTIONS =
      List.of(
          "\"topics\":\"*\"",
          "\"topics\":[\"order.*\"]",
          "\"topics\":[\"user.created\"]",
          "\"topics\":\"*\",\"filter\":{\"data\":{\"even\":true}}",
          "\"topics\":[\"nothing.of.this\"]");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicLong received = new AtomicLong();
  private HttpServer receiver;
  private ChildProcess process;
  private volatile boolean over;
  private int admin;
  private int kafka;

  @BeforeEach
  void listen() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    receiver.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          received.incrementAndGet();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
    admin = free();
    kafka = free();
  }

  @AfterEach
  void close() throws InterruptedException {
    if (process != null) {
      process.kill();
    }
    receiver.stop(0);
    client.close();
  }

  private static int free() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void losesAndDuplicatesNothingThoughItIsKilledAgainAndAgain() throws Exception {
    var random = new Random(Long.getLong("tidegate.fanout.seed", 7));
    start();
    subscribe();
    writeAndKill(random);
    var history = new FanoutHistory("127.0.0.1:" + kafka, FanoutKillIT::wants);
    await()
        .atMost(Duration.ofMinutes(10))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> history.judge().missing() == 0);

    Judgement judgement = history.judge();

    System.out.println("fan-out after " + KILLS + " kills: " + judgement);
    var lost = new HashSet<>(acknowledged);
    lost.removeAll(history.events());
    assertThat(lost).isEmpty();
    assertThat(acknowledged).hasSize(EVENTS);
    assertThat(judgement.isClean()).as("%s", judgement).isTrue();
    await().atMost(Duration.ofMinutes(10)).until(() -> received.get() >= judgement.expected());
  }

  private void writeAndKill(Random random) throws Exception {
    var writers = Executors.newFixedThreadPool(WRITERS);
    try {
      for (int i = 0; i < WRITERS; i++) {
        writers.execute(this::write);
      }
      killAgainAndAgain(random);
      writers.shutdown();
      assertThat(writers.awaitTermination(30, TimeUnit.MINUTES)).isTrue();
    } finally {
      over = true;
      writers.shutdownNow();
    }
  }

  private void killAgainAndAgain(Random random) throws Exception {
    for (int kill = 1; kill <= KILLS; kill++) {
      int enough = EVENTS * kill / (KILLS + 1) + random.nextInt(50);
      await()
          .atMost(Duration.ofMinutes(10))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> acknowledged.size() >= enough);
      process.kill();
      start();
    }
  }

  /// Which destinations of a tenant want an event, by number.
  private static boolean wants(int destination, String topic, boolean even) {
    return switch (destination) {
      case 0 -> true;
      case 1 -> topic.startsWith("order.");
      case 2 -> topic.equals("user.created");
      case 3 -> even;
      default -> false;
    };
  }

  private void subscribe() {
    var url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook";
    for (int tenant = 0; tenant < TENANTS; tenant++) {
      insist("PUT", "/tenants/t" + tenant, "");
      for (int number = 0; number < SUBSCRIPTIONS.size(); number++) {
        var body =
            "{\"id\":\"d%d\",\"type\":\"webhook\",%s,\"config\":{\"url\":\"%s\"}}"
                .formatted(number, SUBSCRIPTIONS.get(number), url);
        insist("POST", "/tenants/t" + tenant + "/destinations", body);
      }
    }
  }

  /// On a busy machine an answer may stay out for longer than it is waited for.
  private void insist(String method, String path, String body) {
    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> ask(method, path, body).statusCode(),
            status -> status == 200 || status == 201 || status == 409);
  }

  /// One at a time and in batches, each until it is acknowledged.
  private void write() {
    while (!over) {
      var events = new ArrayList<Integer>();
      int from = next.getAndUpdate(number -> number + size(number));
      int to = from + size(from);
      for (int number = from; number < Math.min(to, EVENTS); number++) {
        events.add(number);
      }
      if (events.isEmpty()) {
        return;
      }
      while (!isPublished(events)) {
        if (over) {
          return;
        }
        java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
      events.forEach(number -> acknowledged.add("e" + number));
    }
  }

  private static int size(int number) {
    return number % 2 == 0 ? 1 : BATCH;
  }

  private boolean isPublished(List<Integer> events) {
    try {
      if (events.size() == 1) {
        return ask("POST", "/publish", event(events.getFirst())).statusCode() == 202;
      }
      var lines = new StringBuilder();
      events.forEach(number -> lines.append(event(number)).append('\n'));
      return ask("POST", "/publish/batch", lines.toString()).statusCode() == 202;
    } catch (IOException killed) {
      return false;
    } catch (InterruptedException ended) {
      over = true;
      return false;
    }
  }

  private static String event(int number) {
    var topic = List.of("order.paid", "user.created", "user.deleted").get(number % 3);
    return "{\"id\":\"e%d\",\"tenant_id\":\"t%d\",\"topic\":\"%s\",\"data\":{\"even\":%s}}"
        .formatted(number, number % TENANTS, topic, number % 2 == 0);
  }

  private HttpResponse<String> ask(String method, String path, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin + "/api/v1" + path))
            .timeout(Duration.ofSeconds(20))
            .method(method, BodyPublishers.ofString(body))
            .header(
                "authorization", "Bearer " + Files.readString(data().resolve("admin.key")).strip())
            .build(),
        BodyHandlers.ofString());
  }

  private Path data() {
    return folder.resolve("data");
  }

  private void start() throws IOException {
    var config = folder.resolve("zilla.yaml");
    Files.write(config, Bytes.utf8(CONFIG).array());
    process =
        ChildProcess.start(
            Main.class,
            folder.resolve("out"),
            384,
            List.of(
                "up",
                config.toString(),
                "--data",
                data().toString(),
                "--admin",
                "127.0.0.1:" + admin,
                "--kafka-port",
                Integer.toString(kafka)));
    process.awaitOutput(Pattern.compile("admin +(http://[^/]+)/health"));
  }

  private static final String CONFIG =
      """
      name: example
      bindings:
        events:
          type: event-destinations
          kind: remote_server
          entry: kafka_client
          options:
            addresses: {allow: 127.0.0.0/8}
          exit: out_http
        out_http: {type: http, kind: client, exit: out_tcp}
        out_tcp: {type: tcp, kind: client}
        kafka_client: {type: kafka, kind: client}
      """;
}
