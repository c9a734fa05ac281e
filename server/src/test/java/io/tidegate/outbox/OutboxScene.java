package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Time;
import io.tidegate.log.MemoryLog;
import io.tidegate.registry.Outcome;
import io.tidegate.registry.Registries;
import io.tidegate.registry.SealingKey;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Event destinations over a log in memory, with webhooks as their only type.
public final class OutboxScene implements AutoCloseable {
  public static final Duration LIMIT = Duration.ofSeconds(60);

  public final MemoryLog log;
  public final SealingKey key;
  public final Outbox outbox;
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private final Registries registries;
  private final Outbox.Settings settings;

  public OutboxScene(TopicPolicy topics, int destinations) {
    this(
        new Outbox.Settings(
            topics,
            new DestinationTypes(List.of(new WebhookType(WebhookType.Signature.OUTPOST))),
            destinations),
        new MemoryLog(),
        SealingKey.parse(SealingKey.generate()));
  }

  private OutboxScene(Outbox.Settings settings, MemoryLog log, SealingKey key) {
    this.settings = settings;
    this.log = log;
    this.key = key;
    this.registries = new Registries(log, Time.system(), meters);
    this.outbox = new Outbox(settings, registries, log, key, Time.system(), meters);
  }

  /// Another instance on the same log.
  OutboxScene another() {
    return new OutboxScene(settings, log, key);
  }

  void createTopics() {
    log.create(Registries.topics(Outbox.kinds(settings, key)), LIMIT);
    log.create(Outbox.topics(), LIMIT);
  }

  /// Makes the topics that are missing and reads the registries. Events wait for `outbox.start()`.
  public void open() {
    createTopics();
    registries.start();
    assertThat(registries.awaitReplay(LIMIT)).isTrue();
  }

  void tenant(String id) {
    assertThat(outbox.changes().upsert(id, null)).isInstanceOf(Outcome.Accepted.class);
  }

  /// A webhook of tenant `t`.
  ///
  /// @param fields those that are not the same for all, as JSON
  void webhook(String fields) {
    var body = (ObjectNode) new JsonMapper().readTree(fields);
    body.put("type", "webhook").putObject("config").put("url", "https://a.test/h");
    var tenant = outbox.directory().tenant("t").orElseThrow();
    assertThat(outbox.changes().create(tenant, body, true).outcome())
        .isInstanceOf(Outcome.Accepted.class);
  }

  @Override
  public void close() {
    outbox.close();
    registries.close();
    log.close();
  }
}
