package io.tidegate.delivery;

import static io.tidegate.delivery.Scene.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A topic that is deleted and created again begins at offset 0, and what was known of the old one
/// says nothing about the new one.
class RecreatedTopicTest {
  private final Scene scene = new Scene(1);
  private final Receivers receivers = scene.receivers;

  @AfterEach
  void closeScene() {
    scene.close();
  }

  private void createAgain() {
    scene.log.delete(TestPumps.TOPIC);
    scene.log.topic(TestPumps.TOPIC, 1, false);
  }

  private String[] put(String key, int from, int to) {
    var values = IntStream.range(from, to).mapToObj(Integer::toString).toArray(String[]::new);
    scene.put(key, values);
    return values;
  }

  /// Ten of one key that are delivered, and some of another that are owed.
  private void leaveSomethingBehind() {
    receivers.answer("dead/1", _ -> Receivers.status(500));
    put("dead/1", 0, 3);
    put("a/1", 0, 10);
  }

  @Test
  void itsRecordsAreDeliveredWhileThePumpRuns() {
    leaveSomethingBehind();
    try (var courier = scene.courier()) {
      until(() -> receivers.seen("a/1").size() == 10);

      createAgain();
      put("a/2", 0, 40);

      until(() -> receivers.acceptedOf("a/2").stream().distinct().count() == 40);
      until(() -> courier.view().lag().orElse(-1) == 0);
      assertThat(courier.lane("dead/1")).isEmpty();
    }
    receivers.seen.clear();
    try (var courier = scene.courier()) {
      put("a/2", 40, 41);
      until(() -> courier.view().partitions().stream().anyMatch(each -> each.committed() == 41));
      assertThat(receivers.seen("a/2")).containsExactly("40");
    }
  }

  @Test
  void itsRecordsAreDeliveredWhenItIsCreatedAgainBetweenTwoRuns() {
    leaveSomethingBehind();
    try (var _ = scene.courier()) {
      until(() -> receivers.seen("a/1").size() == 10);
    }

    createAgain();
    var values = put("a/2", 0, 40);

    try (var courier = scene.courier()) {
      until(() -> courier.view().partitions().stream().anyMatch(each -> each.committed() == 40));
      assertThat(receivers.seen("a/2")).containsExactly(values);
    }
  }

  @Test
  void itsRecordsAreDeliveredWhenTheGroupHasForgottenTheOldOne() {
    leaveSomethingBehind();
    try (var _ = scene.courier()) {
      until(() -> receivers.seen("a/1").size() == 10);
    }

    createAgain();
    scene.log.forgetGroups();
    var values = put("a/2", 0, 40);

    try (var courier = scene.courier()) {
      until(() -> courier.view().partitions().stream().anyMatch(each -> each.committed() == 40));
      assertThat(receivers.seen("a/2")).containsExactly(values);
    }
  }

  @Test
  void whatTheJournalSaysLateOfTheOldOneSettlesNothingOfTheNewOne() {
    var latch = receivers.hang("slow/1");
    receivers.answer("a/1", _ -> Receivers.status(500));
    put("slow/1", 0, 1);
    var _ = scene.courier();
    until(() -> receivers.seen("slow/1").size() == 1);

    createAgain();
    put("a/1", 0, 1);
    until(() -> receivers.seen("a/1").size() == 1);
    latch.countDown();
    until(() -> receivers.together.get() == 0);
    scene.log.settle();
    scene.log.killMembers(TestPumps.TOPIC, TestPumps.GROUP);
    receivers.answer("a/1", _ -> Receivers.ok());

    try (var _ = scene.courier()) {
      scene.pass(Duration.ofSeconds(1), () -> receivers.accepted.contains("a/1=0"));
    }
  }
}
