package io.tidegate.app;

import io.tidegate.app.DeliveryHistory.Counts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/// Three Tidegates that deliver a topic to receivers of many tempers, while everything that can go
/// away goes away and comes back. Ends when all that was produced has arrived, or has had its time.
final class Soak implements AutoCloseable {
  private static final String REQUESTS = "soak-requests";
  private static final String REPLIES = "soak-replies";
  private static final int PARTITIONS = 8;
  private static final int KEYS = 30;
  private static final int PER_SECOND = 150;

  /// How long a group may need to notice who is gone, and to share anew.
  private static final Duration REBALANCE = Duration.ofSeconds(15);

  /// From the answer of a receiver until the outcome is stored.
  private static final Duration SETTLING = Duration.ofSeconds(5);

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private enum Event {
    KILL,
    LEAVE,
    JOIN,
    HOLD_UP,
    BROKER_RESTART,
    BROKER_KILL,
    RECEIVER_AWAY
  }

  private final Random random;
  private final Witness witness = new Witness();
  private final List<SoakReceiver> receivers = new ArrayList<>();
  private final SoakBroker broker;
  private final SoakFleet fleet;

  Soak(Path folder, long seed) throws Exception {
    this.random = new Random(seed);
    for (double failing : new double[] {0, 0.05, 0.25}) {
      receivers.add(new SoakReceiver(witness, new Random(random.nextLong()), failing));
    }
    this.broker = new SoakBroker(folder);
    this.fleet = new SoakFleet(folder, config(broker.bootstrap()));
  }

  Counts run(Duration disturbance) throws Exception {
    createTopics();
    fleet.join();
    fleet.join();
    try (var _ = produce()) {
      await(() -> witness.accepted() > 0, PATIENCE, "the first delivery");
      disturb(disturbance);
    }
    recover();
    await(() -> witness.accepted() >= witness.produced(), PATIENCE, "all to arrive");
    await(this::isAllTold, PATIENCE, "all replies");
    witness.cut("the end", Duration.ZERO);
    while (fleet.size() > 0) {
      fleet.leave(random);
    }
    return witness.history(SoakReplies.all(broker.bootstrap(), REPLIES, witness)).judge(SETTLING);
  }

  private SoakProducer produce() {
    var keys = new ArrayList<String>();
    for (int i = 0; i < KEYS; i++) {
      keys.add(receivers.get(i % receivers.size()).url("k" + i));
    }
    var dice = new Random(random.nextLong());
    return new SoakProducer(broker.bootstrap(), REQUESTS, keys, PER_SECOND, witness, dice);
  }

  /// Each kind of event once, then any, until the time is up.
  private void disturb(Duration time) throws Exception {
    var end = witness.now().plus(time);
    var all = new ArrayList<>(Arrays.asList(Event.values()));
    Collections.shuffle(all, random);
    Queue<Event> events = new ArrayDeque<>(all);
    while (!events.isEmpty() || witness.now().compareTo(end) < 0) {
      int enough = witness.accepted() + 20 + random.nextInt(400);
      var _ = isInTime(() -> witness.accepted() >= enough, Duration.ofSeconds(5));
      var next = events.isEmpty() ? all.get(random.nextInt(all.size())) : events.remove();
      happen(possible(next));
    }
  }

  private Event possible(Event event) {
    if (fleet.size() == 0) {
      return Event.JOIN;
    }
    return event == Event.JOIN && fleet.isWhole() ? Event.KILL : event;
  }

  private void happen(Event event) throws Exception {
    var began = witness.now();
    var what = event.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    witness.cut(what, REBALANCE);
    var detail =
        switch (event) {
          case KILL -> fleet.kill(random);
          case LEAVE -> fleet.leave(random);
          case JOIN -> fleet.join();
          case HOLD_UP -> fleet.holdUp(random);
          case BROKER_RESTART -> {
            broker.restart();
            yield "";
          }
          case BROKER_KILL -> {
            broker.killAndStart();
            yield "";
          }
          case RECEIVER_AWAY -> leaveForAWhile(receivers.get(random.nextInt(receivers.size())));
        };
    if (event == Event.HOLD_UP) {
      witness.froze(what, began);
    }
    var took = witness.now().minus(began);
    if (took.compareTo(Duration.ofSeconds(1)) > 0) {
      witness.cut(what + ", over", REBALANCE);
    }
    say("%s %s, %d of %d accepted", what, detail, witness.accepted(), witness.produced());
  }

  private String leaveForAWhile(SoakReceiver receiver) throws IOException, InterruptedException {
    receiver.leave();
    int enough = witness.accepted() + random.nextInt(300);
    var _ = isInTime(() -> witness.accepted() >= enough, Duration.ofSeconds(3));
    receiver.comeBack();
    return receiver.url("");
  }

  private void recover() throws IOException {
    var fallen = fleet.fallen();
    if (!fallen.isEmpty()) {
      throw new IllegalStateException("ended by themselves: " + fallen);
    }
    if (fleet.size() == 0) {
      fleet.join();
    }
    say("settling, %d of %d accepted", witness.accepted(), witness.produced());
  }

  private boolean isAllTold() {
    return SoakReplies.all(broker.bootstrap(), REPLIES, witness).stream()
            .filter(DeliveryHistory.Reply::isAccepted)
            .map(DeliveryHistory.Reply::item)
            .distinct()
            .count()
        >= witness.produced();
  }

  private void say(String format, Object... values) {
    System.out.printf(
        Locale.ROOT,
        "soak %6.1f s: %s%n",
        witness.now().toMillis() / 1e3,
        format.formatted(values));
  }

  /// Goes on when the time is up as well: the counts will tell what is missing.
  private void await(BooleanSupplier done, Duration limit, String what) {
    if (!isInTime(done, limit)) {
      say("waited in vain for %s", what);
    }
  }

  private static boolean isInTime(BooleanSupplier done, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return true;
  }

  private void createTopics() throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      var topics =
          List.of(
              new NewTopic(REQUESTS, PARTITIONS, (short) 1),
              new NewTopic(REPLIES, PARTITIONS, (short) 1));
      admin.createTopics(topics).all().get(1, TimeUnit.MINUTES);
      TestTopics.awaitLeaders(admin, REQUESTS, PARTITIONS);
    }
  }

  private static String config(String bootstrap) {
    return """
    name: soak
    bindings:
      webhooks:
        type: kafka-http
        kind: remote_server
        entry: cache
        options:
          retry: {initial: 100ms, factor: 2, max: 1s, jitter: 0.2, expire: 24h}
          timeouts: {connect: 2s, first-byte: 3s, total: 6s}
          limits: {in-flight: 64, per-authority: 32}
          breaker: {failures: 20, pause: 500ms, max: 2s}
          addresses: {allow: [127.0.0.0/8]}
        routes:
          - when: [{topic: REQUESTS, reply-to: REPLIES}]
            exit: out_http
      out_http: {type: http, kind: client, exit: out_tcp}
      out_tcp: {type: tcp, kind: client}
      cache: {type: kafka, kind: cache_client, exit: server}
      server: {type: kafka, kind: cache_server, exit: client}
      client: {type: kafka, kind: client, options: {servers: ["SERVERS"]}, exit: brokers}
      brokers: {type: tcp, kind: client}
    """
        .replace("REQUESTS", REQUESTS)
        .replace("REPLIES", REPLIES)
        .replace("SERVERS", bootstrap);
  }

  @Override
  public void close() throws Exception {
    fleet.close();
    for (var receiver : receivers) {
      receiver.close();
    }
    broker.close();
  }
}
