package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.registry.Judgement.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishFormTest {
  private static final Instant NOON = Instant.parse("2027-01-31T12:00:00Z");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{ \"b\" :1.0,\n\"a\":  1e400, \"ü\":\"\\u00fc\\/\" }",
        "{\"a\":{\"a\":[{},{\"data\":{}}]},\"a\":2}",
        "{\"n\":12345678901234567890123456789.10}"
      })
  void cutsDataOutByteForByte(String data) {
    for (var around :
        List.of(
            "{\"tenant_id\":\"tä\",\"data\":%s}", " {\"data\" : %s , \"tenant_id\":\"tä\" }\n")) {
      var event = ok(around.formatted(data), TopicPolicy.OPEN);

      assertThat(event.data().utf8()).isEqualTo(data);
      assertThat(event.tenant()).isEqualTo("tä");
    }
  }

  @Test
  void takesWhatIsSaidAndFillsInTheRest() {
    var said =
        ok(
            """
            {"id":"e-1","tenant_id":"t","destination_id":"d","topic":"a.b","eligible_for_retry":false,
             "time":"2027-01-31T13:00:00+01:00","metadata":{"n":1,"b":true,"s":"x","z":null},
             "something":[1],"data":{}}
            """,
            TopicPolicy.OPEN);
    var usual = ok("{\"tenant_id\":\"t\",\"data\":{}}", TopicPolicy.OPEN);

    assertThat(said.id()).isEqualTo("e-1");
    assertThat(said.named()).isTrue();
    assertThat(said.time()).isEqualTo(NOON);
    assertThat(said.retried()).isFalse();
    assertThat(said.destination()).contains("d");
    assertThat(said.metadata()).isEqualTo(Map.of("n", "1", "b", "true", "s", "x"));
    assertThat(usual.id()).startsWith("evt_");
    assertThat(usual.named()).isFalse();
    assertThat(usual.retried()).isTrue();
    assertThat(usual.topic()).isEmpty();
    assertThat(usual.time()).isEqualTo(NOON);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"data\":{}} | /tenant_id",
        "{\"tenant_id\":\"t\"} | /data",
        "{\"tenant_id\":\"t\",\"data\":[]} | /data",
        "{\"tenant_id\":\"t\",\"data\":null} | /data",
        "{\"tenant_id\":\"t\",\"data\":\"x\"} | /data",
        "{\"tenant_id\":\"t/u\",\"data\":{}} | /tenant_id",
        "{\"tenant_id\":7,\"data\":{}} | /tenant_id",
        "{\"tenant_id\":\"t\",\"topic\":\"a*\",\"data\":{}} | /topic",
        "{\"tenant_id\":\"t\",\"time\":\"noon\",\"data\":{}} | /time",
        "{\"tenant_id\":\"t\",\"metadata\":[],\"data\":{}} | /metadata",
        "{\"tenant_id\":\"t\",\"metadata\":{\"a\":{}},\"data\":{}} | /metadata/a",
        "{\"tenant_id\":\"t\",\"eligible_for_retry\":\"no\",\"data\":{}} | /eligible_for_retry",
        "{\"tenant_id\":\"t\",\"tenant_id\":\"t\",\"data\":{}} | /tenant_id",
        "[] | ''"
      })
  void saysWhatIsWrongAndWhere(String body, String pointer) {
    assertThat(faults(body, TopicPolicy.OPEN)).extracting(Fault::pointer).containsExactly(pointer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"data\":{}", "{\"data\":{\"a\":01}}", "nonsense"})
  void refusesWhatIsNotJson(String body) {
    var read = PublishForm.read(Bytes.utf8(body), TopicPolicy.OPEN, NOON);

    assertThat(read)
        .isInstanceOfAny(PublishForm.Read.Malformed.class, PublishForm.Read.Wrong.class);
  }

  @Test
  void refusesOtherEncodings() {
    var body = "{\"tenant_id\":\"t\",\"data\":{}}".getBytes(StandardCharsets.UTF_16BE);

    assertThat(PublishForm.read(Bytes.wrap(body), TopicPolicy.OPEN, NOON))
        .isNotInstanceOf(PublishForm.Read.Ok.class);
  }

  @Test
  void holdsTopicsToThePolicy() {
    var strict = new TopicPolicy(List.of("a", "b.*"), true);
    var lenient = new TopicPolicy(List.of("a"), false);

    assertThat(faults("{\"tenant_id\":\"t\",\"data\":{}}", strict).getFirst().message())
        .isEqualTo("is required");
    assertThat(faults("{\"tenant_id\":\"t\",\"topic\":\"c\",\"data\":{}}", strict)).hasSize(1);
    assertThat(ok("{\"tenant_id\":\"t\",\"topic\":\"b.c\",\"data\":{}}", strict).topic())
        .isEqualTo("b.c");
    assertThat(ok("{\"tenant_id\":\"t\",\"topic\":\"c\",\"data\":{}}", lenient).topic())
        .isEqualTo("c");
  }

  private static Event ok(String body, TopicPolicy topics) {
    var read = PublishForm.read(Bytes.utf8(body), topics, NOON);
    assertThat(read).isInstanceOf(PublishForm.Read.Ok.class);
    return ((PublishForm.Read.Ok) read).event();
  }

  private static List<Fault> faults(String body, TopicPolicy topics) {
    var read = PublishForm.read(Bytes.utf8(body), topics, NOON);
    assertThat(read).isInstanceOf(PublishForm.Read.Wrong.class);
    return ((PublishForm.Read.Wrong) read).faults();
  }
}
