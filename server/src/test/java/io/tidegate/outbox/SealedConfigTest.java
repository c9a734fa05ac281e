package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Secret;
import io.tidegate.base.Time;
import io.tidegate.log.MemoryLog;
import io.tidegate.outbox.Changes.Change;
import io.tidegate.registry.Outcome;
import io.tidegate.registry.Registries;
import io.tidegate.registry.SealingKey;
import io.tidegate.registry.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SealedConfigTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final JsonMapper JSON = new JsonMapper();
  private static final String TOKEN = "Bearer a-token-of-theirs";
  private static final String HEADERS =
      "{\"Authorization\":\"" + TOKEN + "\",\"x-api-key\":\"short\",\"x-env\":\"prod\"}";
  private static final String SHOWN =
      "{\"Authorization\":\"Bear****\",\"x-api-key\":\"****\",\"x-env\":\"prod\"}";

  private final MemoryLog log = new MemoryLog();
  private final SealingKey key = SealingKey.parse(SealingKey.generate());
  private final Outbox.Settings settings =
      new Outbox.Settings(
          TopicPolicy.OPEN,
          new DestinationTypes(List.of(new WebhookType(WebhookType.Signature.OUTPOST))),
          1000);
  private final Registries registries =
      new Registries(log, Time.system(), new SimpleMeterRegistry());
  private final Outbox outbox = new Outbox(settings, registries, log, key, Time.system());

  @BeforeEach
  void start() {
    log.create(Registries.topics(Outbox.kinds(settings, key)), LIMIT);
    registries.start();
    assertThat(registries.awaitReplay(LIMIT)).isTrue();
    outbox.changes().upsert("t", null);
  }

  @AfterEach
  void stop() {
    outbox.close();
    registries.close();
    log.close();
  }

  @Test
  void noTopicHasACustomHeaderInClear() {
    create(HEADERS);
    update(HEADERS.replace("prod", "test"));

    for (var topic : List.of("tidegate.commands", "tidegate.destinations")) {
      assertThat(log.stored(topic))
          .hasSizeGreaterThan(1)
          .allSatisfy(record ->
              assertThat(Objects.requireNonNull(record.value()).utf8())
                  .doesNotContain("a-token-of-theirs")
                  .doesNotContain("Authorization"));
    }
    assertThat(clear()).contains(TOKEN, "\"x-env\":\"test\"");
  }

  @Test
  void showsWholeOnlyWhatIsNoCredentialByItsName() {
    create(HEADERS);

    assertThat(shown()).isEqualTo(SHOWN);
  }

  @Test
  void whatIsSentBackAsItWasShownKeepsWhatItStandsFor() {
    create(HEADERS);

    update(SHOWN.replace("prod", "test").replace("Authorization", "authorization"));

    assertThat(clear())
        .isEqualTo(HEADERS.replace("prod", "test").replace("Authorization", "authorization"));
    update(SHOWN.replace("Bear****", "Bearer another one"));
    assertThat(clear()).contains("Bearer another one").contains("\"x-api-key\":\"short\"");
    update("{\"x-new-token\":\"****\"}");
    assertThat(clear()).isEqualTo("{\"x-new-token\":\"****\"}");
    update("");
    assertThat(clear()).isEmpty();
  }

  @Test
  void readsWhatWasStoredBeforeItWasSealed() {
    var command = JSON.createObjectNode().put("kind", "destination").put("action", "create");
    command.put("destination_id", "t/d");
    var destination = command.putObject("destination");
    destination.put("tenant", "t").put("id", "d").put("type", "webhook").put("topics", "*");
    destination.put("life", outbox.directory().tenant("t").orElseThrow().value().life());
    destination.putObject("config").put("url", "https://a.test/h").put("custom_headers", HEADERS);
    destination.putObject("credentials").put("secret", key.seal(new Secret("whsec_abc")));

    assertThat(registries.submit(command, LIMIT)).isInstanceOf(Outcome.Accepted.class);

    assertThat(shown()).isEqualTo(SHOWN);
    update(SHOWN);
    assertThat(stored()).startsWith("sealed:");
    assertThat(clear()).isEqualTo(HEADERS);
  }

  @Test
  void takesAsMuchAsBeforeAndSaysWhatIsWrongWithout() {
    create(HEADERS);
    var most = "{\"a\":\"" + "x".repeat(4096) + "\",\"b\":\"" + "x".repeat(4000) + "\"}";

    update(most);

    assertThat(clear()).isEqualTo(most);
    assertThat(refused(most + " ".repeat(100))).contains("at most 8192 characters");
    assertThat(refused("no JSON")).contains("must be a JSON object");
    assertThat(refused("{\"host\":\"x\"}")).contains("cannot be set");
  }

  private void create(String headers) {
    var body = (ObjectNode) JSON.readTree("{\"id\":\"d\",\"type\":\"webhook\",\"topics\":\"*\"}");
    body.putObject("config").put("url", "https://a.test/h").put("custom_headers", headers);
    var tenant = outbox.directory().tenant("t").orElseThrow();
    assertThat(outbox.changes().create(tenant, body, false).outcome())
        .isInstanceOf(Outcome.Accepted.class);
  }

  private void update(String headers) {
    assertThat(change(headers).outcome()).isInstanceOf(Outcome.Accepted.class);
  }

  private String refused(String headers) {
    return ((Outcome.Rejected) change(headers).outcome()).faults().getFirst().message();
  }

  private Change change(String headers) {
    var patch = JSON.createObjectNode();
    patch.putObject("config").put("custom_headers", headers);
    return outbox.changes().update(destination(), patch, false);
  }

  private Snapshot<Destination> destination() {
    return outbox.directory().destination("t", "d").orElseThrow();
  }

  private String shown() {
    return outbox.changes().shown(destination().value()).getOrDefault("custom_headers", "");
  }

  private String stored() {
    return destination().value().config().getOrDefault("custom_headers", "");
  }

  private String clear() {
    return SealingKey.isSealed(stored()) ? key.open(stored()).reveal() : stored();
  }
}
