package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidegate.base.AddressRules;
import io.tidegate.http.Client;
import io.tidegate.outbox.ConnectedType.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Ways WAYS =
      new Ways(
          AddressRules.PUBLIC,
          Optional.empty(),
          new Client.Limits(SHORT, SHORT, SHORT, Duration.ofSeconds(5), 0));

  private final Set<String> gone = ConcurrentHashMap.newKeySet();
  private final Fake type = new Fake();
  private final Connections connections = new Connections(WAYS, (key, _) -> !gone.contains(key), 2);

  @AfterEach
  void close() {
    connections.close();
  }

  @Test
  void sharesOneConnectionAmongDestinationsOfOneSite() throws Exception {
    use("a", "x");
    use("b", "x");
    use("b", "y");

    assertThat(type.opened).extracting(each -> each.site).containsExactly("x", "y");
    assertThat(type.opened.getFirst().delivered).isEqualTo(2);
  }

  @Test
  void opensAnotherOneWhenOneBroke() throws Exception {
    use("a", "x");
    type.opened.getFirst().usable = false;

    use("a", "x");

    assertThat(type.opened).hasSize(2);
    await().until(() -> type.opened.getFirst().closed);
  }

  @Test
  void triesAgainAfterOneThatCouldNotBeOpened() throws Exception {
    type.refusing = true;
    assertThatThrownBy(() -> use("a", "x")).hasMessage("refused");
    type.refusing = false;

    use("a", "x");

    assertThat(type.opened).hasSize(1);
  }

  @Test
  void closesWhatIsIdleAndWhatNoDestinationUsesAnyMore() throws Exception {
    use("a", "x");
    use("b", "y");

    gone.add("a");
    connections.sweep(System.nanoTime());
    await().until(() -> type.opened.getFirst().closed);
    assertThat(type.opened.getLast().closed).isFalse();

    connections.sweep(System.nanoTime() + Duration.ofMinutes(2).toNanos());
    await().until(() -> type.opened.getLast().closed);
    assertThat(connections.size()).isZero();
  }

  @Test
  void holdsNoMoreThanItMay() throws Exception {
    use("a", "x");
    use("a", "y");
    use("a", "z");

    assertThat(connections.size()).isEqualTo(2);
    await().until(() -> type.opened.getFirst().closed);
  }

  @Test
  void saysThatItIsBusyWhenAllAreInUse() throws Exception {
    type.hold = new CountDownLatch(1);
    try (var both = Executors.newVirtualThreadPerTaskExecutor()) {
      both.submit(() -> use("a", "x"));
      both.submit(() -> use("a", "y"));
      await().until(() -> type.holding.getCount() == 0);

      assertThatThrownBy(() -> use("a", "z")).hasMessageContaining("in use");

      type.hold.countDown();
    }
  }

  @Test
  void waitsForNoConnectionLongerThanTheLimits() {
    type.hanging = new CountDownLatch(1);

    assertThatThrownBy(() -> use("a", "x")).hasMessageContaining("no connection within 1000 ms");

    type.hanging.countDown();
  }

  @Test
  void closesEverythingAtTheEnd() throws Exception {
    use("a", "x");

    connections.close();

    assertThat(type.opened.getFirst().closed).isTrue();
    assertThatThrownBy(() -> use("a", "x")).hasMessageContaining("stopping");
  }

  private Void use(String destination, String site) throws Exception {
    connections.use(
        new Connections.User(Optional.of(destination), 1, type, Map.of("site", site), Map.of()),
        (connection, limit) ->
            connection.deliver(Map.of(), Samples.outgoing("t", "{}", Map.of()), limit));
    return null;
  }

  private static final class Fake implements ConnectedType {
    final List<Line> opened = new CopyOnWriteArrayList<>();
    final CountDownLatch holding = new CountDownLatch(2);
    volatile CountDownLatch hold = new CountDownLatch(0);
    volatile CountDownLatch hanging = new CountDownLatch(0);
    volatile boolean refusing;

    @Override
    public TypeSchema schema() {
      return new TypeSchema("fake", "", "", "", "", List.of(), List.of());
    }

    @Override
    public Object site(Map<String, String> config, Map<String, String> credentials) {
      return config.getOrDefault("site", "");
    }

    @Override
    public Connection open(Map<String, String> config, Map<String, String> credentials, Ways ways)
        throws Undelivered, InterruptedException {
      hanging.await(10, TimeUnit.SECONDS);
      if (refusing) {
        throw Undelivered.failed("connect", "refused");
      }
      var line = new Line(this, config.getOrDefault("site", ""));
      opened.add(line);
      return line;
    }

    @Override
    public Target target(Map<String, String> config) {
      return new Target("", "");
    }
  }

  private static final class Line implements Connection {
    final Fake type;
    final String site;
    volatile boolean usable = true;
    volatile boolean closed;
    volatile int delivered;

    Line(Fake type, String site) {
      this.type = type;
      this.site = site;
    }

    @Override
    public void deliver(Map<String, String> config, Outgoing outgoing, Duration limit)
        throws InterruptedException {
      type.holding.countDown();
      type.hold.await(10, TimeUnit.SECONDS);
      delivered++;
    }

    @Override
    public void check(Map<String, String> config, Duration limit) {}

    @Override
    public boolean isUsable() {
      return usable;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
