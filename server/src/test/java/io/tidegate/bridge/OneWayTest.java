package io.tidegate.bridge;

import static io.tidegate.bridge.Gateway.ID;
import static io.tidegate.bridge.Gateway.IDEMPOTENCY_KEY;
import static io.tidegate.bridge.Gateway.oneWay;
import static io.tidegate.bridge.Gateway.oneWayForwarding;
import static io.tidegate.bridge.Gateway.produce;
import static io.tidegate.bridge.Gateway.request;
import static io.tidegate.bridge.Gateway.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Appended.Reason;
import io.tidegate.log.Header;
import io.tidegate.plan.HeaderTemplate;
import io.tidegate.plan.KafkaMapping.Acknowledgement;
import io.tidegate.plan.KafkaMapping.Produce;
import io.tidegate.plan.Template;
import io.tidegate.plan.Template.Part;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OneWayTest {
  private final Gateway gateway = new Gateway();

  @Test
  void storesTheBodyUnderTheIdempotencyKey() {
    var source = new HeaderTemplate("source", Template.text("web"));
    gateway.route("POST", "/orders", oneWay("orders", IDEMPOTENCY_KEY, source));

    var caller =
        gateway.send(
            "POST",
            "/orders",
            "{\"sku\":4}",
            "idempotency-key",
            "k-7",
            "content-type",
            "application/json",
            "x-custom",
            "yes");

    assertThat(caller.status()).isEqualTo(204);
    assertThat(caller.reply().headers()).isEmpty();
    var record = gateway.cluster.last();
    assertThat(record.topic()).isEqualTo("orders");
    assertThat(record.key()).isEqualTo(Bytes.utf8("k-7"));
    assertThat(record.value()).isEqualTo(Bytes.utf8("{\"sku\":4}"));
    assertThat(record.headers())
        .containsExactly(Header.of("content-type", "application/json"), Header.of("source", "web"));
  }

  @Test
  void turnsADeleteIntoATombstone() {
    gateway.route("DELETE", "/orders/{id}", oneWay("orders", ID));

    var caller = gateway.send("DELETE", "/orders/k-7", "dropped");

    assertThat(caller.status()).isEqualTo(204);
    assertThat(gateway.cluster.last().key()).isEqualTo(Bytes.utf8("k-7"));
    assertThat(gateway.cluster.last().value()).isNull();
    assertThat(gateway.cluster.last().headers()).isEmpty();
  }

  @Test
  void storesNothingAsAnEmptyValueUnderNoKey() {
    gateway.route(null, "/events", oneWay("events", null));

    gateway.send("GET", "/events", "");

    assertThat(gateway.cluster.last().key()).isNull();
    assertThat(gateway.cluster.last().value()).isEqualTo(Bytes.EMPTY);
  }

  @Test
  void makesUpAKeyOncePerRequest() {
    var key =
        new Template(
            List.of(new Part.IdempotencyKey(), new Part.Text("/"), new Part.IdempotencyKey()));
    gateway.route("POST", "/orders", oneWay("orders", key));

    gateway.send("POST", "/orders", "a");
    gateway.send("POST", "/orders", "b");

    var keys = gateway.cluster.entries.stream().map(entry -> entry.key().utf8()).toList();
    assertThat(keys)
        .doesNotHaveDuplicates()
        .allMatch(text -> {
          var halves = text.split("/");
          return halves[0].equals(halves[1]) && halves[0].length() == 36;
        });
  }

  @Test
  void storesEqualRequestsEachTime() {
    gateway.route("POST", "/orders", oneWay("orders", IDEMPOTENCY_KEY));

    gateway.send("POST", "/orders", "a", "idempotency-key", "1");
    gateway.send("POST", "/orders", "a", "idempotency-key", "1");

    assertThat(gateway.cluster.entries).hasSize(2);
  }

  @Test
  void ignoresIfMatch() {
    gateway.route("PUT", "/orders/{id}", oneWay("orders", ID));

    assertThat(gateway.send("PUT", "/orders/1", "a", "if-match", "\"xx\"").status()).isEqualTo(204);
    assertThat(gateway.cluster.last().headers()).isEmpty();
  }

  @Test
  void keepsThePathSegmentAsItWasWritten() {
    gateway.route("PUT", "/orders/{id}", oneWay("orders", ID));

    gateway.send("PUT", "/orders/a%20b?x=1", "a");

    assertThat(gateway.cluster.last().key()).isEqualTo(Bytes.utf8("a%20b"));
  }

  @Test
  void forwardsChosenHeadersButNeverCredentials() {
    gateway.route("POST", "/events", oneWayForwarding("events", "x-*", "Traceparent", "*"));

    gateway.send(
        "POST",
        "/events",
        "a",
        "authorization",
        "Bearer secret",
        "x-b",
        "1",
        "traceparent",
        "00-1",
        "cookie",
        "secret",
        "content-type",
        "text/plain",
        "proxy-authorization",
        "secret",
        "x-a",
        "λόγος");

    assertThat(gateway.cluster.last().headers())
        .containsExactly(
            Header.of("content-type", "text/plain"),
            Header.of("x-b", "1"),
            Header.of("traceparent", "00-1"),
            Header.of("x-a", "λόγος"));
  }

  @Test
  void forwardsOnlyWhatIsAskedFor() {
    gateway.route("POST", "/events", oneWayForwarding("events", "x-git*"));

    gateway.send("POST", "/events", "a", "x-github-event", "push", "x-other", "1");

    assertThat(gateway.cluster.last().headers())
        .containsExactly(Header.of("x-github-event", "push"));
  }

  @Test
  void fillsTemplatesFromAllOverTheRequest() {
    var everything =
        new Template(
            List.of(
                new Part.Method(),
                new Part.Text("|"),
                new Part.Path(),
                new Part.Text("|"),
                new Part.Query("q"),
                new Part.Text("|"),
                new Part.RequestHeader("x-a"),
                new Part.Text("|"),
                new Part.Url(),
                new Part.Text("|"),
                new Part.Identity("test:g"),
                new Part.Text("|"),
                new Part.Attribute("test:g", "region"),
                new Part.Text("|"),
                new Part.Attribute("test:g", "none"),
                new Part.Identity("test:none"),
                new Part.Query("none")));
    gateway.route("POST", "/e/{id}", oneWay("events", everything));
    var request =
        request("POST", "/e/1?p=0&q=a%26b+c%c3%a9&q=2", "", "x-a", "1", "x-a", "2")
            .withSessions(Map.of("test:g", session("test:g", "alice")));

    gateway.send(new Caller(), request);

    assertThat(gateway.cluster.last().key().utf8())
        .isEqualTo(
            "POST|/e/1|a&b cé|1, 2|http://shop.example:7114/e/1?p=0&q=a%26b+c%c3%a9&q=2|alice|eu|");
  }

  @ParameterizedTest
  @EnumSource(Acknowledgement.class)
  void asksForTheConfiguredAcknowledgement(Acknowledgement acknowledgement) {
    var produce =
        new Produce(
            "embedded",
            Template.text("t"),
            acknowledgement,
            Optional.empty(),
            List.of(),
            List.of(),
            "idempotency-key",
            Optional.empty(),
            OptionalLong.empty());
    gateway.route("POST", "/t", produce);

    gateway.send("POST", "/t", "a");

    assertThat(gateway.cluster.acks).containsExactly(Acks.valueOf(acknowledgement.name()));
  }

  @Test
  void answersOnlyWhenItIsStored() {
    gateway.route("POST", "/t", oneWay("t", null));
    gateway.cluster.holdAppends();

    var caller = gateway.send("POST", "/t", "a");

    assertThat(caller.isAnswered()).isFalse();
    gateway.cluster.confirmAppends();
    assertThat(caller.status()).isEqualTo(204);
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new Appended.Refused(Reason.TOO_LARGE, ""), 413, "too_large", false),
        Arguments.of(new Appended.Refused(Reason.NOT_AUTHORIZED, ""), 502, "log_refused", false),
        Arguments.of(new Appended.Refused(Reason.INVALID, ""), 400, "invalid_record", false),
        Arguments.of(
            new Appended.Unavailable(Reason.NO_SUCH_TOPIC, ""), 503, "no_such_topic", true),
        Arguments.of(new Appended.Unavailable(Reason.OVERLOADED, ""), 503, "overloaded", true),
        Arguments.of(
            new Appended.Unavailable(Reason.UNREACHABLE, ""), 503, "log_unavailable", true),
        Arguments.of(new Appended.Unavailable(Reason.DISK_FULL, ""), 503, "disk_full", true),
        Arguments.of(new Appended.Unavailable(Reason.CLOSED, ""), 503, "closing", true),
        Arguments.of(new Appended.Unknown(""), 503, "outcome_unknown", true));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void saysWhyNothingWasStored(Appended outcome, int status, String code, boolean retry) {
    gateway.route("POST", "/t", oneWay("t", null));
    gateway.cluster.endAppendsWith(outcome);

    var caller = gateway.send("POST", "/t", "a");

    assertThat(caller.status()).isEqualTo(status);
    assertThat(caller.body()).contains("\"code\":\"" + code + "\"");
    if (retry) {
      assertThat(caller.header("retry-after").orElseThrow()).matches("[1-5]");
    } else {
      assertThat(caller.header("retry-after")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tidegate.progress", "__consumer_offsets"})
  void doesNotLetACallerWriteToOurOwnTopics(String topic) {
    gateway.route("POST", "/t/{id}", produce(ID, null, List.of(), List.of(), null));

    assertThat(gateway.send("POST", "/t/" + topic, "a").status()).isEqualTo(404);
    assertThat(gateway.cluster.entries).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "a%20b", "..", "."})
  void refusesNamesThatAreNotTopicNames(String topic) {
    gateway.route("POST", "/t/{id}", produce(ID, null, List.of(), List.of(), null));

    assertThat(gateway.send("POST", "/t/" + topic, "a").status()).isEqualTo(400);
    assertThat(gateway.cluster.entries).isEmpty();
  }

  @Test
  void refusesAnEmptyTopicName() {
    var fromQuery = new Template(List.of(new Part.Query("topic")));
    gateway.route("POST", "/t", produce(fromQuery, null, List.of(), List.of(), null));

    assertThat(gateway.send("POST", "/t", "a").status()).isEqualTo(400);
    assertThat(gateway.send("POST", "/t?topic=ok", "a").status()).isEqualTo(204);
  }

  @Test
  void knowsTheBodyLimitOfTheTopicOnceItHasAsked() {
    gateway.route("POST", "/t", oneWay("t", null));
    gateway.cluster.topic("t");
    gateway.cluster.maxMessageBytes = 5000;

    assertThat(gateway.bodyLimit("POST", "/t")).isEqualTo(1 << 20);
    assertThat(gateway.bodyLimit("POST", "/t")).isEqualTo(4930);
    assertThat(gateway.cluster.described).containsExactly("t");
  }

  @Test
  void holdsBodiesToTheConfiguredLimit() {
    var produce =
        new Produce(
            "embedded",
            Template.text("t"),
            Acknowledgement.NONE,
            Optional.empty(),
            List.of(),
            List.of(),
            "idempotency-key",
            Optional.empty(),
            OptionalLong.of(10));
    gateway.route("POST", "/t", produce);

    assertThat(gateway.bodyLimit("POST", "/t")).isEqualTo(10);
  }
}
