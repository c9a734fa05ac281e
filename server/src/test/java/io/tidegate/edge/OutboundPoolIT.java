package io.tidegate.edge;

import static io.tidegate.edge.Outbound.LIMITS;
import static io.tidegate.edge.Outbound.plan;
import static io.tidegate.edge.Outbound.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.http.Client.Failure;
import io.tidegate.http.Client.Result;
import io.tidegate.http.Client.Result.Failed;
import io.tidegate.http.Client.Result.Replied;
import io.tidegate.receivers.Behaviour;
import io.tidegate.receivers.MisbehavingReceiver;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Connections are kept while they are of use, and never for longer.
class OutboundPoolIT {
  private final Edge edge = Edge.open(EdgeLimits.defaults(), 2);
  private final MisbehavingReceiver receiver = MisbehavingReceiver.start();

  @AfterEach
  void close() {
    receiver.close();
    edge.close();
  }

  private OutboundCalls client(int all, Duration idle) {
    var pooling = new Pooling(all, 8, idle, Duration.ofMinutes(5));
    return OutboundCalls.open(edge, plan(), new KnownNames(), pooling);
  }

  private String url(int host) {
    return "http://h" + host + ".many.example:" + receiver.port() + "/";
  }

  @Test
  void thousandsOfDestinationsLeaveNothingBehind() throws Exception {
    try (var client = client(64, Duration.ofMillis(500));
        var threads = Executors.newFixedThreadPool(16, Thread.ofVirtual().factory())) {
      var results = new LinkedBlockingQueue<Result>();
      for (int i = 0; i < 5000; i++) {
        int host = i;
        threads.execute(() -> results.add(client.send(post(url(host), "x"), LIMITS)));
      }

      for (int i = 0; i < 5000; i++) {
        assertThat(results.poll(30, TimeUnit.SECONDS)).isInstanceOf(Replied.class);
        assertThat(client.connections()).isLessThanOrEqualTo(64);
      }
      await().untilAsserted(() -> assertThat(client.connections()).isZero());
      assertThat(client.destinations()).isZero();
      await().untilAsserted(() -> assertThat(receiver.connections()).isZero());
    }
  }

  @Test
  void failuresLeaveNothingBehindEither() throws Exception {
    receiver.goAway();
    try (var client = client(64, Duration.ofMillis(500))) {
      for (int i = 0; i < 500; i++) {
        assertThat(client.send(post(url(i), "x"), LIMITS)).isInstanceOf(Failed.class);
      }

      await().untilAsserted(() -> assertThat(client.destinations()).isZero());
      assertThat(client.connections()).isZero();
    }
  }

  @Test
  void aDestinationHasItsShareAndTheRestWaits() throws Exception {
    receiver.otherwise(Behaviour.delayed(Duration.ofMillis(20), Behaviour.status(204)));
    try (var client = client(64, Duration.ofSeconds(5))) {
      var results = new LinkedBlockingQueue<Result>();
      for (int i = 0; i < 100; i++) {
        client.start(post(url(1), "x"), LIMITS, results::add);
      }

      for (int i = 0; i < 100; i++) {
        assertThat(results.poll(10, TimeUnit.SECONDS)).isInstanceOf(Replied.class);
      }
      assertThat(receiver.accepted()).isEqualTo(8);
    }
  }

  @Test
  void whenAllConnectionsAreBusyTheNextIsToldSo() throws Exception {
    receiver.otherwise(Behaviour.stall());
    try (var client = client(8, Duration.ofSeconds(5))) {
      var results = new LinkedBlockingQueue<Result>();
      for (int i = 0; i < 40; i++) {
        client.start(post(url(i), "x"), LIMITS, results::add);
      }

      for (int i = 0; i < 32; i++) {
        var failed = (Failed) results.poll(4, TimeUnit.SECONDS);
        assertThat(failed.failure()).isEqualTo(Failure.BUSY);
      }
    }
  }

  @Test
  void aServerThatSaysHowLongItWaitsIsBelieved() {
    receiver.on("/", Behaviour.status(204, "keep-alive", "timeout=1"));
    try (var client = client(64, Duration.ofMinutes(1))) {
      var _ = client.send(post(url(1), "x"), LIMITS);

      await().untilAsserted(() -> assertThat(client.connections()).isZero());
    }
  }
}
