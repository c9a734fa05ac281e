package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.app.DeliveryHistory.Counts;
import io.tidegate.app.DeliveryHistory.Cut;
import io.tidegate.app.DeliveryHistory.Item;
import io.tidegate.app.DeliveryHistory.Reply;
import io.tidegate.app.DeliveryHistory.Try;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The judge of the soak sees each fault, and calls nothing a fault that is none.
class DeliveryHistoryTest {
  private static final Item A0 = new Item("a", 0);
  private static final Item A1 = new Item("a", 1);
  private static final Item A2 = new Item("a", 2);

  private final List<Item> produced = new ArrayList<>();
  private final List<Try> tries = new ArrayList<>();
  private final List<Reply> replies = new ArrayList<>();
  private final List<Cut> cuts = new ArrayList<>();

  @Test
  void acceptsRetriesInOrder() {
    seen(A0, "id-0", 10, 503);
    seen(A0, "id-0", 20, 0);
    seen(A0, "id-0", 30, 200);
    seen(A1, "id-1", 40, 200);
    produced.addAll(List.of(A0, A1));
    replies.addAll(
        List.of(reply(A0, 503, 1), reply(A0, 0, 2), reply(A0, 200, 3), reply(A1, 200, 1)));

    assertThat(counts().isClean()).isTrue();
    assertThat(counts().duplicates()).isZero();
  }

  @Test
  void countsWhatNobodyAccepted() {
    produced.addAll(List.of(A0, A1));
    seen(A0, "id-0", 10, 500);

    assertThat(counts().lost()).isEqualTo(2);
    assertThat(counts().unanswered()).isEqualTo(2);
  }

  @Test
  void countsWhatNobodyProduced() {
    seen(A0, "id-0", 10, 200);

    assertThat(counts().invented()).isEqualTo(1);
  }

  @Test
  void countsWhatArrivesBeforeItsPredecessorIsAccepted() {
    seen(A0, "id-0", 10, 500);
    seen(A1, "id-1", 20, 200);

    assertThat(counts().disordered()).isEqualTo(1);
  }

  @Test
  void countsWhatArrivesAfterItsSuccessor() {
    seen(A0, "id-0", 10, 200);
    seen(A1, "id-1", 20, 200);
    seen(A0, "id-0", 30, 200);
    cuts.add(new Cut("kill", at(15), at(50)));

    assertThat(counts().disordered()).isEqualTo(1);
    assertThat(counts().unexplained()).isZero();
  }

  @Test
  void excusesWhatAProcessThatStoodStillWasJustSending() {
    seen(A0, "id-0", 10, 200);
    seen(A1, "id-1", 6_000, 200);
    seen(A2, "id-2", 6_010, 200);
    seen(A1, "id-1", 9_110, 200);
    cuts.add(new Cut("hold up", at(20), at(9_100), true));

    assertThat(counts().disordered()).isZero();
    assertThat(counts().duplicates()).isEqualTo(1);
  }

  @Test
  void excusesNothingThatWasNotItsTurnWhenTheProcessStoodStill() {
    seen(A0, "id-0", 10, 200);
    seen(A1, "id-1", 6_000, 200);
    seen(A2, "id-2", 6_010, 200);
    seen(A0, "id-0", 9_110, 200);
    seen(A1, "id-1", 20_000, 200);
    cuts.add(new Cut("hold up", at(20), at(9_100), true));

    assertThat(counts().disordered()).isEqualTo(2);
  }

  @Test
  void explainsADuplicateByTheCutThatItWasInFlightAt() {
    seen(A0, "id-0", 10, 200);
    seen(A0, "id-0", 30, 200);
    cuts.add(new Cut("kill", at(11), at(20)));

    assertThat(counts().duplicates()).isEqualTo(1);
    assertThat(counts().unexplained()).isZero();
  }

  @Test
  void explainsNoDuplicateOfWhatWasSettledBeforeTheCut() {
    seen(A0, "id-0", 10, 200);
    seen(A0, "id-0", 5_000, 200);
    cuts.add(new Cut("kill", at(4_000), at(4_500)));

    assertThat(counts().unexplained()).isEqualTo(1);
  }

  @Test
  void explainsNoDuplicateByACutThatCameAfterIt() {
    seen(A0, "id-0", 10, 200);
    seen(A0, "id-0", 30, 200);
    cuts.add(new Cut("kill", at(40), at(50)));

    assertThat(counts().unexplained()).isEqualTo(1);
  }

  @Test
  void aRetryThatCrossesALateAnswerIsNoDuplicate() {
    tries.add(new Try(A0, "id-0", at(10), 200, at(500)));
    tries.add(new Try(A0, "id-0", at(400), 200, at(401)));

    assertThat(counts().duplicates()).isZero();
  }

  @Test
  void countsOtherIdsAndSharedOnes() {
    seen(A0, "id-0", 10, 500);
    seen(A0, "id-x", 20, 200);
    seen(A1, "id-0", 30, 200);

    assertThat(counts().renamed()).isEqualTo(2);
  }

  @Test
  void countsRepliesThatAreNotTrue() {
    seen(A0, "id-0", 10, 500);
    replies.add(reply(A0, 200, 1));

    assertThat(counts().unfounded()).isEqualTo(1);
  }

  @Test
  void countsAttemptsThatAreNumberedAnew() {
    replies.addAll(List.of(reply(A0, 500, 3), reply(A0, 500, 3), reply(A0, 500, 1)));

    assertThat(counts().renumbered()).isEqualTo(1);
    assertThat(counts().toString()).contains("reply of attempt 3");
  }

  @Test
  void explainsAReplyThatIsToldLateByACut() {
    replies.addAll(List.of(reply(A0, 500, 1), reply(A0, 500, 2), reply(A0, 500, 1)));
    cuts.add(new Cut("kill", at(90), at(110)));

    assertThat(counts().renumbered()).isZero();
  }

  @Test
  void explainsNoAttemptThatIsNumberedAnewByACut() {
    replies.addAll(List.of(reply(A0, 500, 2), reply(A0, 200, 1)));
    cuts.add(new Cut("kill", at(90), at(110)));

    assertThat(counts().renumbered()).isEqualTo(1);
  }

  private void seen(Item item, String id, int millis, int status) {
    tries.add(new Try(item, id, at(millis), status, at(millis + 1)));
  }

  private static Reply reply(Item item, int status, int attempt) {
    return new Reply(item, status, attempt, at(100));
  }

  private static Duration at(int millis) {
    return Duration.ofMillis(millis);
  }

  private Counts counts() {
    return new DeliveryHistory(produced, tries, replies, cuts).judge(Duration.ofSeconds(1));
  }
}
