package io.tidegate.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Entry;
import io.tidegate.log.MemoryLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistriesTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String TOPIC = "tidegate.notes";

  private final MemoryLog log = new MemoryLog();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<Instance> instances = new ArrayList<>();

  RegistriesTest() {
    log.create(Notes.topics(), LIMIT);
  }

  /// One Tidegate of several.
  private final class Instance {
    final Registries registries = new Registries(log, Time.system(), meters);
    final Registry<String> notes = registries.add(new Notes());

    Instance() {
      instances.add(this);
      registries.start();
      assertThat(registries.awaitReplay(LIMIT)).isTrue();
    }

    Outcome submit(String action, String note, String text) {
      return registries.submit(Notes.command(action, note, text), LIMIT);
    }

    String text(String note) {
      return notes.find(note).map(Snapshot::value).orElse("");
    }
  }

  @AfterEach
  void close() {
    instances.forEach(instance -> instance.registries.close());
    log.close();
  }

  @Test
  void knowsTheResultWhenTheCommandIsAnswered() {
    var one = new Instance();

    assertThat(one.submit("write", "n", "a")).isEqualTo(new Outcome.Accepted(1));
    assertThat(one.submit("write", "n", "b")).isEqualTo(new Outcome.Accepted(2));

    assertThat(one.text("n")).isEqualTo("b");
    assertThat(one.registries.check()).isEmpty();
    assertThat(one.registries.isRegistrar()).isTrue();
  }

  @Test
  void saysWhyACommandIsRefused() {
    var one = new Instance();
    one.submit("strike", "n", "");

    assertThat(one.submit("write", "n", "b"))
        .isEqualTo(
            new Outcome.Rejected("revoked", List.of(new Judgement.Fault("", "it was struck out"))));
    assertThat(one.text("n")).isEqualTo(Notes.STRUCK);
  }

  @Test
  void appliesOneOfTwoChangesMadeForTheSameVersion() {
    var one = new Instance();
    var two = new Instance();
    one.submit("write", "n", "first");
    await().atMost(LIMIT).until(() -> two.text("n").equals("first"));

    var outcomes =
        List.of(one, two).stream()
            .map(instance ->
                CompletableFuture.supplyAsync(() ->
                    instance.registries.submit(
                        Notes.command("write", "n", "second").put("expected_version", 1), LIMIT)))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();

    assertThat(outcomes).contains(new Outcome.Accepted(2));
    assertThat(outcomes)
        .filteredOn(Outcome.Rejected.class::isInstance)
        .singleElement()
        .extracting(outcome -> ((Outcome.Rejected) outcome).code())
        .isEqualTo("version_conflict");
  }

  @Test
  void countsRubbishAndGoesOn() {
    var one = new Instance();
    for (var rubbish :
        List.of(
            "",
            "{",
            "[]",
            "7",
            "{}",
            "{\"action\":7}",
            "{\"action\":\"write\"}",
            "\u0000",
            "{\"action\":\"fly\",\"note\":\"n\"}",
            "{\"kind\":\"x\"}",
            "[".repeat(5000),
            "{\"action\":\"write\",\"note\":\"n\",\"expected_version\":\"x\"}")) {
      append(Intake.TOPIC, null, Bytes.utf8(rubbish));
    }
    append(Intake.TOPIC, null, null);

    assertThat(one.submit("write", "n", "a")).isEqualTo(new Outcome.Accepted(1));

    assertThat(meters.find("tidegate.registry.commands").tag("outcome", "rejected").counters())
        .extracting(counter -> counter.getId().getTag("code") + " " + (int) counter.count())
        .containsExactlyInAnyOrder("invalid 11", "unknown_action 1", "unknown_kind 1");
    await().atMost(LIMIT).until(() -> log.stored(Rejections.TOPIC).size() == 13);
    assertThat(one.registries.check()).isEmpty();
  }

  @Test
  void takesCommandsFromAnyone() {
    var one = new Instance();

    append(
        Intake.TOPIC,
        null,
        Bytes.utf8("{\"action\":\"write\",\"note\":\"n\",\"text\":\"by hand\",\"else\":[1]}"));

    await().atMost(LIMIT).until(() -> one.text("n").equals("by hand"));
  }

  @Test
  void forgetsNothingWhenItStartsAgain() {
    var before = new Instance();
    before.submit("write", "kept", "a");
    before.submit("strike", "struck", "");
    before.registries.close();

    var after = new Instance();

    assertThat(after.text("kept")).isEqualTo("a");
    assertThat(after.text("struck")).isEqualTo(Notes.STRUCK);
    assertThat(after.submit("write", "kept", "b")).isEqualTo(new Outcome.Accepted(2));
  }

  @Test
  void goesOnWithAnotherRegistrarWhenTheFirstOneLeaves() {
    var one = new Instance();
    var two = new Instance();
    assertThat(two.submit("write", "n", "a")).isEqualTo(new Outcome.Accepted(1));
    assertThat(two.registries.isRegistrar()).isFalse();

    one.registries.close();

    assertThat(two.submit("write", "n", "b")).isEqualTo(new Outcome.Accepted(2));
    assertThat(two.registries.isRegistrar()).isTrue();
  }

  @Test
  void appliesACommandAgainWhenItsSnapshotWasNotStored() {
    var one = new Instance();
    one.submit("write", "n", "a");
    var command = Notes.command("write", "n", "b");
    log.append(
        new Entry(Intake.TOPIC, null, List.of(), Json.write(command)),
        Acks.IN_SYNC_REPLICAS,
        _ -> {});
    log.failNext(new Appended.Unknown("who knows"));

    await().atMost(LIMIT).until(() -> one.notes.find("n").orElseThrow().version() == 2);
    assertThat(one.text("n")).isEqualTo("b");
  }

  @Test
  void overlooksWhatAStaleWriterAddsAndMendsIt() {
    var one = new Instance();
    one.submit("write", "n", "old");
    var old = Objects.requireNonNull(log.stored(TOPIC).getLast().value());
    one.submit("strike", "n", "");

    append(TOPIC, "n", old);

    await().atMost(LIMIT).until(() -> log.stored(TOPIC).size() == 4);
    assertThat(one.text("n")).isEqualTo(Notes.STRUCK);
    assertThat(log.stored(TOPIC).getLast().value()).isNotEqualTo(old);
    await().atMost(LIMIT).until(() -> one.registries.check().isEmpty());
  }

  @Test
  void mendsWhatSomebodyDeletedOrOverwrote() {
    var one = new Instance();
    one.submit("strike", "n", "");
    one.submit("write", "m", "a");

    append(TOPIC, "n", null);
    append(TOPIC, "m", Bytes.utf8("rubbish"));

    await().atMost(LIMIT).until(() -> log.stored(TOPIC).size() == 6);
    await().atMost(LIMIT).until(() -> one.registries.check().isEmpty());
    assertThat(new Instance().text("n")).isEqualTo(Notes.STRUCK);
  }

  @Test
  void losesNothingWhenItsTopicIsCreatedAgain() {
    var one = new Instance();
    one.submit("strike", "n", "");
    log.settle();

    log.delete(TOPIC);
    await().atMost(LIMIT).until(() -> one.registries.check().isPresent());
    assertThat(one.text("n")).isEqualTo(Notes.STRUCK);
    log.create(Notes.topics(), LIMIT);

    await().atMost(LIMIT).until(() -> log.stored(TOPIC).size() == 1);
    await().atMost(LIMIT).until(() -> one.registries.check().isEmpty());
    assertThat(one.submit("write", "n", "b")).isInstanceOf(Outcome.Rejected.class);
  }

  @Test
  void goesOnWhenTheIntakeIsCreatedAgain() {
    var one = new Instance();
    one.submit("write", "n", "a");
    one.submit("write", "n", "b");

    one.registries.close();
    log.delete(Intake.TOPIC);
    log.create(Notes.topics(), LIMIT);
    log.forgetGroups();
    var after = new Instance();

    assertThat(after.submit("write", "n", "c")).isEqualTo(new Outcome.Accepted(3));
  }

  @Test
  void saysSinceWhenItHearsNothing() {
    var one = new Instance();
    assertThat(one.registries.staleness()).isZero();

    log.goAway();

    await().atMost(LIMIT).until(() -> one.registries.staleness().isPositive());
    assertThat(one.registries.check()).hasValue("the cluster cannot be reached");
    assertThat(one.registries.submit(Notes.command("write", "n", "a"), LIMIT))
        .isInstanceOf(Outcome.Unavailable.class);
    log.comeBack();
    await().atMost(LIMIT).until(() -> one.registries.staleness().isZero());
  }

  private void append(
      String topic,
      @org.jspecify.annotations.Nullable String key,
      @org.jspecify.annotations.Nullable Bytes value) {
    var stored = new CompletableFuture<Appended>();
    log.append(
        new Entry(topic, key == null ? null : Bytes.utf8(key), List.of(), value),
        Acks.IN_SYNC_REPLICAS,
        stored::complete);
    assertThat(stored.orTimeout(20, TimeUnit.SECONDS).join()).isInstanceOf(Appended.At.class);
  }
}
