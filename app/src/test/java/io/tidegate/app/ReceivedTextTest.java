package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Request;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReceivedTextTest {
  private static final Instant NOON = Instant.parse("2030-01-31T12:00:00.5Z");

  @Test
  void showsADeliveryAsADeveloperReadsIt() {
    var shown = text(Set.of(), 20, false).of(received(Bytes.utf8("{\"o\":17}"), 3));

    assertThat(shown)
        .isEqualTo(
            """
            12:00:00.500  POST /in?x=1  -> 503  (attempt 3 of this delivery)  verified with secret 1
                idempotency-key: k-1
                authorization: Bearer ***
                cookie: ***
                {"o":17}\
            """);
  }

  @Test
  void letsNothingReachTheTerminalThatMovesItsCursor() {
    var evil = "\u001b[2Jred\rnext\n\u202Eback\u009b31m";

    var shown = text(Set.of(), 100, false).of(received(Bytes.utf8(evil), 1));

    assertThat(shown).endsWith("\\u001b[2Jred\\u000dnext\\n\\u202eback\\u009b31m");
    assertThat(shown.lines()).hasSize(5);
  }

  @Test
  void cutsWhatIsLongAndNamesWhatIsNoText() {
    var text = text(Set.of("idempotency-*"), 4, false);

    assertThat(text.of(received(Bytes.utf8("abcdefgh"), 1))).endsWith("abcd… (8 characters)");
    assertThat(text.of(received(Bytes.wrap(new byte[] {-1, 0, -2}), 1)))
        .endsWith("k-1\n    3 bytes that are no text");
  }

  @Test
  void writesALineOfJsonForPrograms() {
    var line = text(Set.of("idempotency-key"), 4, true).of(received(Bytes.utf8("a\nbcdefgh"), 2));

    assertThat(line)
        .isEqualTo(
            "{\"at\":\"2030-01-31T12:00:00.500Z\",\"method\":\"POST\",\"path\":\"/in\",\"query\":\"x=1\","
                + "\"answer\":503,\"attempt\":2,\"id\":\"k-1\",\"verified\":true,"
                + "\"signature\":\"secret 1\",\"headers\":{\"idempotency-key\":[\"k-1\"]},"
                + "\"size\":9,\"body\":\"a\\nbc\"}");
  }

  private static ReceivedText text(Set<String> wanted, int most, boolean json) {
    return new ReceivedText(wanted, most, json, ZoneOffset.UTC);
  }

  private static Received received(Bytes body, int times) {
    var headers =
        Headers.of(
            "host", "localhost",
            "idempotency-key", "k-1",
            "authorization", "Bearer top-secret",
            "cookie", "session=secret");
    var request =
        new Request(
            "r", "http", "localhost:80", "POST", "/in", "x=1", headers, body, "::1", Map.of());
    var signature = Optional.of(new Received.Signature(true, "secret 1"));
    return new Received(NOON, request, Optional.of("k-1"), times, signature, 503);
  }
}
