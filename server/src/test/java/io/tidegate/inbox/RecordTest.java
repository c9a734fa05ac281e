package io.tidegate.inbox;

import static io.tidegate.inbox.Sender.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.inbox.Sender.Change;
import io.tidegate.log.Header;
import io.tidegate.log.Stored;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What becomes of a request on its topic.
class RecordTest {
  private final Sender sender = new Sender();

  @AfterEach
  void close() {
    sender.close();
  }

  private Stored only() {
    assertThat(sender.stored()).hasSize(1);
    return sender.stored().getFirst();
  }

  @Test
  void keepsTheBytesAndSaysWhereTheyCameFrom() {
    sender.with(Sender.github()).postGithub("{ \"a\" : 1 }\n", "d-1", "x-github-event", "push");

    var record = only();

    assertThat(record.value().utf8()).isEqualTo("{ \"a\" : 1 }\n");
    assertThat(record.key()).isNull();
    assertThat(header(record, "tidegate-endpoint")).isEqualTo(Sender.ID);
    assertThat(header(record, "tidegate-method")).isEqualTo("POST");
    assertThat(header(record, "tidegate-path")).isEqualTo("/e/" + Sender.ID);
    assertThat(header(record, "tidegate-remote")).isEqualTo("192.0.2.7");
    assertThat(header(record, "tidegate-request-id")).isEqualTo("r-1");
    assertThat(header(record, "tidegate-delivery-id")).isEqualTo("d-1");
    assertThat(header(record, "tidegate-verification")).isEqualTo("verified");
    assertThat(header(record, "tidegate-secret")).isEqualTo("s0");
    assertThat(header(record, "x-github-event")).isEqualTo("push");
    assertThat(Long.parseLong(header(record, "tidegate-received-at")))
        .isGreaterThan(1_700_000_000_000_000L);
  }

  @Test
  void forwardsNoCredentialsAndNothingThatLooksLikeOurs() {
    sender.with(
        Change.of(Sender.endpoint())
            .verified("api-key", Map.of("header", "x-shared"), "s3cret")
            .endpoint());

    sender
        .post(
            "1",
            "x-shared",
            "s3cret",
            "x-api-key",
            "k",
            "authorization",
            "Bearer t",
            "cookie",
            "c",
            "x-note",
            "n",
            "tidegate-endpoint",
            "spoofed")
        .status();
    sender.log.settle();

    assertThat(only().headers()).extracting(Header::name).contains("x-note");
    assertThat(
            only().headers().toString()
                + only().headers().stream().map(each -> each.value().utf8()).toList())
        .doesNotContain("s3cret", "x-api-key", "Bearer", "cookie", "spoofed");
    assertThat(sender.inbox.requests().list(Sender.ID).toString())
        .doesNotContain("s3cret", "x-api-key", "authorization", "cookie");
  }

  @Test
  void hidesTokensInTheQuery() {
    sender
        .with(Sender.endpoint())
        .send("POST", "/e/" + Sender.ID + "?access_token=t0p&x=1", "1")
        .status();
    sender.log.settle();

    assertThat(header(only(), "tidegate-query")).isEqualTo("access_token=***&x=1");
    assertThat(sender.inbox.requests().list(Sender.ID).getFirst().query())
        .isEqualTo("access_token=***&x=1");
  }

  @Test
  void makesKeysFromWhatComes() {
    sender.with(
        Change.of(Sender.endpoint())
            .key("${headers.x-shop}/${body./order/id}/${query.q}/${method}${path}")
            .endpoint());

    sender.send("POST", "/e/" + Sender.ID + "?q=a%20b", "{\"order\":{\"id\":17}}", "x-shop", "eu");

    assertThat(only().key().utf8()).isEqualTo("eu/17/a b/POST/e/" + Sender.ID);
  }

  @Test
  void makesNoKeyOfNothing() {
    sender.with(Change.of(Sender.endpoint()).key("${headers.x-shop}").endpoint()).post("1");

    assertThat(only().key()).isNull();
  }

  @Test
  void makesAKeyOfTheFullUrl() {
    sender.with(Change.of(Sender.endpoint()).key("${url}").endpoint()).post("1");

    assertThat(only().key().utf8()).isEqualTo("https://hooks.example:443/e/" + Sender.ID);
  }

  @Test
  void refusesTemplatesThatMeanNothing() {
    assertThatThrownBy(() -> KeyTemplate.of("${headers.authorization}"))
        .hasMessageContaining("credentials");
    assertThatThrownBy(() -> KeyTemplate.of("${nothing}")).hasMessageContaining("headers.NAME");
    assertThatThrownBy(() -> KeyTemplate.of("${url")).hasMessageContaining("not closed");
    assertThatThrownBy(() -> KeyTemplate.of("${body.x}"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void writesBinaryCloudEventsAsKafkaHasThem() {
    sender.with(Sender.endpoint());

    sender.post(
        "data",
        "content-type",
        "text/plain",
        "ce-specversion",
        "1.0",
        "ce-id",
        "1",
        "ce-source",
        "/s%20s+",
        "ce-type",
        "t");

    assertThat(header(only(), "ce_id")).isEqualTo("1");
    assertThat(header(only(), "ce_source")).isEqualTo("/s s+");
    assertThat(header(only(), "content-type")).isEqualTo("text/plain");
    assertThat(header(only(), "tidegate-delivery-id")).isEqualTo("/s%20s+ 1");
  }

  @Test
  void keepsStructuredCloudEventsAsTheyAre() {
    var event = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"}";

    sender
        .with(Sender.endpoint())
        .post(event, "content-type", "application/cloudevents+json; charset=utf-8");

    assertThat(only().value().utf8()).isEqualTo(event);
    assertThat(header(only(), "tidegate-delivery-id")).isEqualTo("/s 1");
  }

  @Test
  void cutsABatchWithoutTouchingItsEvents() {
    var answer =
        sender
            .with(Sender.endpoint())
            .post(
                " [ {\"id\":\"1\", \"ü\":[{}]} ,\n{\"id\" : \"2\"}]",
                "content-type",
                "application/cloudevents-batch+json");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(sender.stored())
        .extracting(record -> record.value().utf8())
        .containsExactly("{\"id\":\"1\", \"ü\":[{}]}", "{\"id\" : \"2\"}");
    assertThat(sender.stored())
        .extracting(record -> header(record, "tidegate-batch"))
        .containsExactly("0/2", "1/2");
    assertThat(sender.stored())
        .extracting(record -> header(record, "content-type"))
        .containsOnly("application/cloudevents+json");
    assertThat(sender.stored())
        .extracting(record -> header(record, "tidegate-event-id"))
        .doesNotHaveDuplicates();
  }

  @Test
  void refusesBatchesThatAreNone() {
    sender.with(Sender.endpoint());
    var type = new String[] {"content-type", "application/cloudevents-batch+json"};

    for (var body : new String[] {"{}", "[1]", "[{}", "[{}] x", "", "[{},]", "\u0000"}) {
      assertThat(sender.post(body, type).status()).as(body).isEqualTo(400);
    }
    assertThat(sender.post("[" + "{},".repeat(1000) + "{}]", type).status()).isEqualTo(400);
    assertThat(sender.post("[]", type).status()).isEqualTo(200);
    assertThat(sender.stored()).isEmpty();
  }

  @Test
  void makesIdsThatSortByTimeAndNeverRepeat() {
    var ids = new HashSet<String>();
    var before = "";
    for (int i = 0; i < 50_000; i++) {
      var id = EventIds.next(1_700_000_000_000L + i / 10_000);
      assertThat(id).isGreaterThan(before);
      ids.add(id);
      before = id;
    }
    assertThat(ids).hasSize(50_000);
    assertThat(before.charAt(14)).isEqualTo('7');
  }
}
