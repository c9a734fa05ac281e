package io.tidegate.inbox;

import static io.tidegate.inbox.Sender.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Request;
import io.tidegate.inbox.Sender.Change;
import io.tidegate.log.Header;
import io.tidegate.plan.WebhookMapping.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What is set at run time, as senders and readers of the topic notice it.
class WebhookConfigTest {
  private static final String NAMED = "/topics/" + Sender.TOPIC;
  private static final String SECRET = "/e/" + Sender.ID;

  private final Sender sender = new Sender().with(Sender.endpoint());

  @AfterEach
  void close() {
    sender.close();
  }

  private void set(String json) {
    var document = (ObjectNode) new JsonMapper().readTree(json.replace('\'', '"'));
    sender.config = new ConfigKind().read(ConfigKind.ID, 1, document);
  }

  /// The same endpoint, which says all that can be said.
  private void outspoken() {
    var document = new JsonMapper().createObjectNode().put("topic", Sender.TOPIC);
    document.putArray("forward").add("x-own");
    document.putObject("limits").put("body", 5000).put("per_second", 3);
    var identity = new EndpointForm.Identity(Sender.ID, 2);
    sender.with(EndpointForm.read(identity, document, EndpointForm.Terms.USUAL, new ArrayList<>()));
  }

  private long limit(String path) {
    var head =
        new Request(
            "r", "https", "h", "POST", path, "", Headers.of(), Bytes.EMPTY, "192.0.2.7", Map.of());
    return sender.inbox.router().route(head).bodyLimit();
  }

  private List<Integer> statuses(String path, int count) {
    return IntStream.range(0, count)
        .mapToObj(_ -> sender.send("POST", path, "1").status())
        .toList();
  }

  @Test
  void limitsBodiesOfWhoSaysNothing() {
    assertThat(limit(NAMED)).isEqualTo(1 << 20);

    set("{'max_body_size_bytes':2048}");

    assertThat(limit(NAMED)).isEqualTo(2048);
    assertThat(limit(SECRET)).isEqualTo(2048);
    outspoken();
    assertThat(limit(SECRET)).isEqualTo(5000);
    set("{}");
    assertThat(limit(NAMED)).isEqualTo(1 << 20);
  }

  @Test
  void limitsTheRateOfWhoSaysNothing() {
    assertThat(statuses(NAMED, 5)).containsOnly(200);

    set("{'rate_limit_per_second':2}");

    assertThat(statuses(NAMED, 3)).containsExactly(200, 200, 429);
    assertThat(statuses(SECRET, 3)).containsExactly(200, 200, 429);
    outspoken();
    assertThat(statuses(SECRET, 4)).containsExactly(200, 200, 200, 429);
    set("{'rate_limit_per_second':0}");
    assertThat(statuses(NAMED, 5)).containsOnly(200);
    assertThat(statuses(SECRET, 1)).containsExactly(429);
  }

  @Test
  void forwardsOtherHeadersForWhoSaysNothing() {
    set("{'forward_headers':['y-note']}");
    var headers = new String[] {"x-own", "1", "y-note", "2"};

    sender.send("POST", NAMED, "1", headers).status();
    sender.post("1", headers).status();
    outspoken();
    sender.post("1", headers).status();

    assertThat(sender.stored())
        .extracting(record -> header(record, "x-own") + header(record, "y-note"))
        .containsExactly("-2", "-2", "1-");
  }

  @Test
  void leavesOutWhenWhereFromAndWhereTo() {
    set("{'include_http_metadata':false}");

    sender.send("POST", SECRET + "?a=1", "1", "content-type", "text/plain").status();

    assertThat(sender.stored().getFirst().headers())
        .extracting(Header::name)
        .containsExactly(
            "tidegate-event-id",
            "tidegate-endpoint",
            "tidegate-request-id",
            "tidegate-verification",
            "content-type");
  }

  @Test
  void decidesWhetherToServeWhenDegraded() {
    sender.standing = Endpoints.Standing.DEGRADED;
    assertThat(sender.post("1").status()).isEqualTo(200);

    set("{'reject_when_degraded':true}");

    assertThat(sender.post("1").status()).isEqualTo(503);
    assertThat(sender.send("POST", NAMED, "1").status()).isEqualTo(200);
  }

  @Test
  void boundsTheQueueInMemory() {
    sender.with(Change.of(Sender.endpoint()).inMemory().endpoint());
    set("{'buffer_capacity':100}");

    assertThat(sender.post("1").status()).isEqualTo(202);

    assertThat(sender.metrics.get("tidegate.webhooks.memory.capacity").gauge().value())
        .isEqualTo(100);
    set("{}");
    assertThat(sender.metrics.get("tidegate.webhooks.memory.capacity").gauge().value())
        .isEqualTo(1000);
  }

  @Test
  void snapshotsKeepWhatAnEndpointSaysItself() {
    for (var said :
        List.of(Said.NOTHING, new Said(true, false, true), new Said(false, true, false))) {
      var endpoint = with(said);
      var identity = new EndpointForm.Identity(Sender.ID, 1);
      for (var document :
          List.of(
              EndpointForm.write(endpoint, List.of(), false),
              EndpointForm.own(endpoint, List.of()))) {
        var read =
            EndpointForm.read(identity, document, EndpointForm.Terms.USUAL, new ArrayList<>());
        assertThat(read.said().bodyLimit()).isEqualTo(said.bodyLimit());
        assertThat(read.said().forward()).isEqualTo(said.forward());
      }
    }
  }

  private static Endpoint with(Said said) {
    var it = Sender.endpoint();
    return new Endpoint(
        it.id(),
        it.version(),
        it.topic(),
        it.description(),
        it.verification(),
        it.secrets(),
        it.handshakes(),
        it.ack(),
        it.answer(),
        it.key(),
        it.forward(),
        it.contentTypes(),
        it.limits(),
        Optional.empty(),
        Optional.empty(),
        said);
  }
}
