package io.tidegate.delivery;

import static io.tidegate.delivery.Scene.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.ManualTime;
import io.tidegate.http.Call;
import io.tidegate.http.Client;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.log.Acks;
import io.tidegate.log.Entry;
import io.tidegate.log.Header;
import io.tidegate.log.MemoryLog;
import io.tidegate.plan.Pump;
import io.tidegate.registry.SealingKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `ordering: {header: …}`: what stays in order is what has the same value there, wherever it goes.
class HeaderOrderingTest {
  private static final String ONE = "https://one.example/in";
  private static final String TWO = "https://two.example/in";

  private final ManualTime time = new ManualTime();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final MemoryLog log = new MemoryLog().topic(Pumps.TOPIC, 1, false);
  private final FailingClient client = new FailingClient();
  private final Pump pump = new Pumps().ordering(new Pump.Ordering.ByHeader("x-order")).build();

  @BeforeEach
  void createTopics() {
    log.topic(Pumps.REPLIES, 1, false).topic(Pumps.DEAD, 1, false);
    log.create(DeliveryTopics.all(), Duration.ZERO);
  }

  @AfterEach
  void close() {
    log.close();
  }

  /// Answers 503 to bodies that are to fail, and remembers what it accepted.
  private static final class FailingClient implements Client {
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final List<String> accepted = new ArrayList<>();

    @Override
    public synchronized Result send(Call call, Limits limits) {
      var body = call.body().utf8();
      var fails = failing.contains(body);
      if (!fails) {
        accepted.add(body);
      }
      var reply = new Reply(fails ? 503 : 200, Headers.NONE, Bytes.EMPTY);
      return new Result.Replied(reply, 0, new Timings(-1, -1, -1, -1, 1), "203.0.113.7");
    }

    synchronized List<String> accepted() {
      return List.copyOf(accepted);
    }

    @Override
    public void close() {}
  }

  private Courier courier() {
    var senders =
        new HttpSenders(
            pump,
            new HttpSenders.Needs(
                log,
                _ -> client,
                _ -> Optional.empty(),
                SealingKey.parse(SealingKey.generate()),
                time,
                meters));
    var courier =
        new Courier(pump, new Courier.Needs(log, senders::on, new Budget(64 << 20), time, meters));
    courier.start();
    return courier;
  }

  private void put(String key, @Nullable String order, String value) {
    var headers = order == null ? List.<Header>of() : List.of(Header.of("x-order", order));
    log.append(
        new Entry(Pumps.TOPIC, Bytes.utf8(key), headers, Bytes.utf8(value)),
        Acks.IN_SYNC_REPLICAS,
        _ -> {});
  }

  private static CourierView.@Nullable LaneState state(Courier courier, String lane) {
    return courier.lane(lane).stream().map(CourierView.Lane::state).findFirst().orElse(null);
  }

  @Test
  void aLaneIsAValueOfTheHeaderAcrossKeys() {
    client.failing.add("x1");
    put(ONE, "x", "x1");
    put(TWO, "x", "x2");
    put(ONE, "y", "y1");
    put(TWO, "y", "y2");

    try (var courier = courier()) {
      until(() -> client.accepted().size() == 2);
      until(() -> state(courier, "x") == CourierView.LaneState.WAITING);
      assertThat(client.accepted()).containsExactly("y1", "y2");

      client.failing.clear();
      time.advance(Duration.ofSeconds(2));

      until(() -> client.accepted().size() == 4);
      assertThat(client.accepted()).containsExactly("y1", "y2", "x1", "x2");
    }
  }

  @Test
  void recordsWithoutTheHeaderStayInOrderByTheirKey() {
    client.failing.add("k1");
    put(ONE, null, "k1");
    put(ONE, null, "k2");
    put(ONE, "z", "z1");

    try (var courier = courier()) {
      until(() -> client.accepted().size() == 1);
      until(() -> state(courier, ONE) == CourierView.LaneState.WAITING);
      assertThat(client.accepted()).containsExactly("z1");

      client.failing.clear();
      time.advance(Duration.ofSeconds(2));

      until(() -> client.accepted().size() == 3);
      assertThat(client.accepted()).containsExactly("z1", "k1", "k2");
    }
  }

  @Test
  void anEmptyValueIsNoValue() {
    client.failing.add("k1");
    put(ONE, "", "k1");
    put(ONE, "", "k2");

    try (var courier = courier()) {
      until(() -> state(courier, ONE) == CourierView.LaneState.WAITING);

      client.failing.clear();
      time.advance(Duration.ofSeconds(2));

      until(() -> client.accepted().size() == 2);
      assertThat(client.accepted()).containsExactly("k1", "k2");
    }
  }

  @Test
  void lanesByHeaderGoOnAfterARestart() {
    client.failing.addAll(Set.of("x1", "k1"));
    put(ONE, "x", "x1");
    put(TWO, "x", "x2");
    put(ONE, null, "k1");
    try (var courier = courier()) {
      until(() -> state(courier, "x") == CourierView.LaneState.WAITING);
      until(() -> state(courier, ONE) == CourierView.LaneState.WAITING);
    }
    client.failing.clear();

    try (var courier = courier()) {
      until(() -> courier.lane("x").stream().anyMatch(lane -> lane.attempts() == 1));
      assertThat(courier.lane(ONE).getFirst().attempts()).isEqualTo(1);
      time.advance(Duration.ofSeconds(2));

      until(() -> client.accepted().size() == 3);
      assertThat(client.accepted()).containsSubsequence("x1", "x2");
    }
  }
}
