package io.tidegate.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.ManualTime;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.log.Entry;
import io.tidegate.log.Header;
import io.tidegate.plan.Guarded;
import io.tidegate.plan.HeaderTemplate;
import io.tidegate.plan.KafkaMapping.Filter;
import io.tidegate.plan.Pattern;
import io.tidegate.plan.StreamMapping;
import io.tidegate.plan.StreamMapping.EventId;
import io.tidegate.plan.Template;
import io.tidegate.plan.Template.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StreamsTest {
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final TestCluster cluster = new TestCluster();
  private final ManualTime time = new ManualTime();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Topics topics = new Topics(cluster, cluster, Runnable::run, time);
  private final LiveStreams live = new LiveStreams(time, meters);
  private final List<StreamMapping.Branch> branches = new ArrayList<>();
  private StreamMapping.Manner manner =
      new StreamMapping.Manner(Optional.empty(), HEARTBEAT, false, 20);

  StreamsTest() {
    cluster.topic("events", 1, false);
    route("/events", "events", EventId.ETAG);
    route("/keyed", "events", EventId.KEY_AND_ETAG);
    branch(
        List.of(),
        "/events/{id}/{tag}",
        Template.text("events"),
        List.of(
            new Filter(
                Optional.of(new Template(List.of(new Part.Param("id")))),
                List.of(new HeaderTemplate("tag", new Template(List.of(new Part.Param("tag"))))))),
        EventId.ETAG,
        List.of());
  }

  @Test
  void writesHistoryAndThenWhatComes() {
    put("a", "one");
    put("b", "{\"n\":2}");

    var reader = get("/events");
    put("a", "three");

    assertThat(reader.status()).isEqualTo(200);
    assertThat(reader.header("content-type")).hasValue("text/event-stream");
    assertThat(reader.header("cache-control")).hasValue("no-store");
    assertThat(reader.streamed())
        .isEqualTo(
            "id:AQIAAg==\ndata:one\n\nid:AQIABA==\ndata:{\"n\":2}\n\n"
                + "id:AQIABg==\ndata:three\n\n");
  }

  @Test
  void writesEveryLineOfAValueAndRestoresLeadingBlanks() {
    put("a", "x\ny\r\nz\r\n indented");
    put("a", "");
    put("a", "end\n");

    assertThat(get("/events").streamed())
        .isEqualTo(
            "id:AQIAAg==\ndata:x\ndata:y\ndata:z\ndata:  indented\n\n"
                + "id:AQIABA==\ndata:\n\n"
                + "id:AQIABg==\ndata:end\ndata:\n\n");
  }

  @Test
  void tellsOfTombstonesByKey() {
    put("TOMB", null);

    assertThat(get("/events").streamed()).isEqualTo("id:AQIAAg==\nevent:delete\ndata:VE9NQg==\n\n");
  }

  @Test
  void putsKeyAndTagIntoTheIdWhereWanted() {
    put("key", "1");
    put("key", "2", Header.of("etag", "rev=5"));
    put(null, "3");
    put("key", "4", Header.of("etag", "a\nid:forged"));

    assertThat(get("/keyed").streamed())
        .isEqualTo(
            "id:[\"a2V5\",\"AQIAAg==\"]\ndata:1\n\n"
                + "id:[\"a2V5\",\"AQIABA==/rev=5\"]\ndata:2\n\n"
                + "id:[null,\"AQIABg==\"]\ndata:3\n\n"
                + "id:[\"a2V5\",\"AQIACA==\"]\ndata:4\n\n");
  }

  @Test
  void goesOnAfterTheIdThatComesBack() {
    put("a", "1");
    put("a", "2");

    assertThat(get("/events", "last-event-id", "AQIAAg==").streamed())
        .isEqualTo("id:AQIABA==\ndata:2\n\n");
    assertThat(get("/keyed", "last-event-id", "[\"YQ==\",\"AQIAAg==\"]").streamed())
        .isEqualTo("id:[\"YQ==\",\"AQIABA==\"]\ndata:2\n\n");
    assertThat(get("/events?lastEventId=AQIABA%3D%3D").streamed()).isEmpty();
  }

  @Test
  void saysThatAnIdIsNotUnderstoodAndSendsAllAgain() {
    put("a", "1");

    var reader = get("/events", "last-event-id", "nonsense");

    assertThat(reader.streamed())
        .isEqualTo(
            ":the last event id is not one of ours, all is sent again\n\n"
                + "id:AQIAAg==\ndata:1\n\n");
    assertThat(meters.counter("tidegate.streams.ids.unreadable").count()).isEqualTo(1);
  }

  @Test
  void refusesAnIdThatIsLongerThanAny() {
    assertThat(get("/events", "last-event-id", "x".repeat(20_000)).status()).isEqualTo(400);
  }

  @Test
  void passesOnlyWhatTheFilterLetsThrough() {
    put("AAPL", "1", Header.of("tag", "nasdaq"));
    put("AAPL", "2", Header.of("tag", "nyse"));
    put("MSFT", "3", Header.of("tag", "nasdaq"));
    put("AAPL", "4", Header.of("tag", "nasdaq"));

    assertThat(get("/events/AAPL/nasdaq").streamed())
        .isEqualTo("id:AQIAAg==\ndata:1\n\nid:AQIACA==\ndata:4\n\n");
  }

  @Test
  void beginsWithWhatComesWhereTheTopicIsLive() {
    branch(List.of(), "/live", Template.text("events"), List.of(), EventId.ETAG, List.of("ev*"));
    put("a", "before");

    var reader = get("/live");
    var resumed = get("/live", "last-event-id", "AQIAAA==");
    put("a", "after");

    assertThat(reader.streamed()).isEqualTo("id:AQIABA==\ndata:after\n\n");
    assertThat(resumed.streamed()).contains("data:before", "data:after");
  }

  @Test
  void givesProgramsOneObjectOnEachLine() {
    put("k", "{\n\"a\":1}", Header.of("h", "1"), Header.of("h", "2"), Header.of("g", "x\"y"));
    put(null, "plain");
    put("k", null);

    var reader = get("/events", "accept", "application/x-ndjson");

    assertThat(reader.header("content-type")).hasValue("application/x-ndjson");
    assertThat(reader.streamed())
        .isEqualTo(
            "{\"id\":\"AQIAAg==\",\"partition\":0,\"offset\":0,\"timestamp\":0,\"key\":\"k\","
                + "\"headers\":{\"h\":[\"1\",\"2\"],\"g\":\"x\\\"y\"},\"value\":{ \"a\":1}}\n"
                + "{\"id\":\"AQIABA==\",\"partition\":0,\"offset\":1,\"timestamp\":0,\"key\":null,"
                + "\"headers\":{},\"value\":\"plain\"}\n"
                + "{\"id\":\"AQIABg==\",\"event\":\"delete\",\"partition\":0,\"offset\":2,"
                + "\"timestamp\":0,\"key\":\"k\",\"headers\":{},\"value\":null}\n");
  }

  @Test
  void beatsWhenNothingIsSaidForLong() {
    var reader = get("/events");
    var program = get("/events", "accept", "application/x-ndjson");

    for (int i = 0; i < 31; i++) {
      time.advance(Duration.ofMillis(500));
    }

    assertThat(reader.streamed()).isEqualTo(":\n\n");
    assertThat(program.streamed()).isEqualTo("\n");
  }

  @Test
  void saysWhatTheConfigurationWantsSaidFirst() {
    manner = new StreamMapping.Manner(Optional.of(Duration.ofMillis(500)), Duration.ZERO, true, 9);

    assertThat(get("/events").streamed()).isEqualTo("retry:500\n\n:\n\n");
  }

  @Test
  void keepsABoundedQueueForAReaderThatDoesNotReadAndGoesOnLater() {
    var large = "x".repeat(30_000);
    for (int i = 0; i < 200; i++) {
      put("a", i + large);
    }
    var reader = new Caller().reads(true);

    send(reader, "GET", "/events");
    assertThat(reader.mostQueued()).isLessThan(2 << 20);
    while (reader.drain()) {
      assertThat(reader.mostQueued()).isLessThan(2 << 20);
    }

    assertThat(reader.streamed().lines().filter(line -> line.startsWith("data:")).count())
        .isEqualTo(200);
  }

  @Test
  void dropsAReaderThatFallsTooFarBehindAndSaysWhy() {
    var reader = new Caller();
    send(reader, "GET", "/events");
    put("a", "first");
    time.advance(Duration.ofMillis(500));
    reader.reads(true);
    for (int i = 0; i < 100; i++) {
      put("a", "x".repeat(50_000));
    }

    for (int i = 0; i < 12; i++) {
      time.advance(Duration.ofMillis(500));
    }

    assertThat(reader.isEnded()).isTrue();
    assertThat(reader.streamed())
        .endsWith(":too many events behind, come back with the last id\n\n");
    assertThat(meters.counter("tidegate.streams.dropped", "reason", "lag").count()).isEqualTo(1);
    assertThat(cluster.topic("events").followers()).isZero();
  }

  @Test
  void dropsAReaderThatReadsNothingForTooLong() {
    for (int i = 0; i < 100; i++) {
      put("a", "x".repeat(50_000));
    }
    var reader = new Caller().reads(true);
    send(reader, "GET", "/events");

    for (int i = 0; i < 92; i++) {
      time.advance(Duration.ofMillis(500));
    }

    assertThat(reader.isEnded()).isTrue();
    assertThat(meters.counter("tidegate.streams.dropped", "reason", "stalled").count())
        .isEqualTo(1);
  }

  @Test
  void letsGoOfEverythingWhenTheReaderLeaves() {
    var reader = get("/events");
    assertThat(live.count()).isEqualTo(1);

    reader.hangUp();

    assertThat(live.count()).isZero();
    assertThat(cluster.topic("events").followers()).isZero();
  }

  @Test
  void endsWhenTheTopicCannotBeReadOn() {
    var reader = get("/events");

    cluster.topic("events").endFollowers();

    assertThat(reader.isEnded()).isTrue();
    assertThat(live.count()).isZero();
  }

  @Test
  void answersForATopicThatIsMissingOrAway() {
    cluster.topics.remove("gone");
    route("/gone", "gone", EventId.ETAG);
    route("/away", "away", EventId.ETAG);
    cluster.topic("away").missing(true);
    var gone = new TestTopic("gone", 1, false);
    gone.missing(true);
    cluster.topics.put("gone", gone);

    assertThat(get("/away").status()).isEqualTo(503);
    assertThat(get("/away").header("retry-after")).isPresent();
    cluster.missing.add("gone");
    assertThat(get("/gone").status()).isEqualTo(404);
  }

  @Test
  void asksABrowserThatComesBackToTryAgain() {
    route("/away", "away", EventId.ETAG);
    cluster.topic("away").missing(true);

    var reader = get("/away", "accept", "text/event-stream", "last-event-id", "AQIAAg==");

    assertThat(reader.status()).isEqualTo(200);
    assertThat(reader.streamed()).startsWith("retry:2000\n\n:");
    assertThat(reader.isEnded()).isTrue();
  }

  @Test
  void knowsItsMethodsAndPaths() {
    assertThat(send(new Caller(), "POST", "/events").status()).isEqualTo(405);
    assertThat(send(new Caller(), "POST", "/events").header("allow"))
        .hasValue("GET, HEAD, OPTIONS");
    assertThat(send(new Caller(), "OPTIONS", "/events").status()).isEqualTo(204);
    assertThat(get("/nothing").status()).isEqualTo(404);
  }

  @Test
  void fallsThroughWhereAGuardDoesNotAccept() {
    var guarded = List.of(new Guarded("test:jwt", List.of("read")));
    branch(guarded, "/mine", Template.text("events"), List.of(), EventId.ETAG, List.of());
    var request = Gateway.request("GET", "/mine", "");
    var lacking = request.withSessions(Map.of("test:jwt", Gateway.session("test:jwt", "me")));
    var holding =
        request.withSessions(Map.of("test:jwt", Gateway.session("test:jwt", "me", "read")));

    assertThat(send(new Caller(), request).status()).isEqualTo(401);
    assertThat(send(new Caller(), lacking).status()).isEqualTo(403);
    assertThat(send(new Caller(), holding).status()).isEqualTo(200);
  }

  @Test
  void asksForANewerSessionOnceAndEndsWithTheOldOne() {
    var guarded = List.of(new Guarded("test:jwt", List.of()));
    branch(guarded, "/mine", Template.text("events"), List.of(), EventId.ETAG, List.of());
    var session =
        new io.tidegate.http.Session(
            "test:jwt",
            Optional.of("me"),
            Set.of(),
            Map.of(),
            Optional.of(time.now().plusSeconds(2)));
    var reader = new Caller();
    send(reader, Gateway.request("GET", "/mine", "").withSessions(Map.of("test:jwt", session)));

    time.advance(Duration.ofMillis(500));
    assertThat(reader.streamed()).isEmpty();
    time.advance(Duration.ofMillis(500));
    time.advance(Duration.ofMillis(500));
    assertThat(reader.isEnded()).isFalse();
    assertThat(reader.streamed())
        .isEqualTo(
            "event:challenge\ndata:{\"method\":\"POST\",\"headers\":"
                + "{\"content-type\":\"application/x-challenge-response\"}}\n\n");
    time.advance(Duration.ofMillis(500));

    assertThat(reader.isEnded()).isTrue();
  }

  private void route(String path, String topic, EventId ids) {
    branch(List.of(), path, Template.text(topic), List.of(), ids, List.of());
  }

  private void branch(
      List<Guarded> guarded,
      String path,
      Template topic,
      List<Filter> filters,
      EventId ids,
      List<String> liveNames) {
    var paths = List.of(Pattern.of(path));
    var names = liveNames.stream().map(Pattern::of).toList();
    var route = new StreamMapping.Route(List.of(), paths, "embedded", topic, filters, ids, names);
    branches.add(new StreamMapping.Branch(guarded, paths, List.of(route)));
  }

  private void put(String key, String value, Header... headers) {
    cluster
        .topic("events")
        .append(
            new Entry(
                "events",
                key == null ? null : Bytes.utf8(key),
                List.of(headers),
                value == null ? null : Bytes.utf8(value)));
  }

  private Caller get(String target, String... headers) {
    return send(new Caller(), Gateway.request("GET", target, "", headers));
  }

  private Caller send(Caller caller, String method, String target) {
    return send(caller, Gateway.request(method, target, ""));
  }

  private Caller send(Caller caller, Request request) {
    var router =
        new StreamsRouter(
            new StreamMapping("test:sse", manner, branches),
            _ -> topics,
            live,
            _ -> Optional.of(Duration.ofSeconds(1)),
            time);
    try {
      router.route(request).handle(request, caller);
    } catch (Problem.Refusal refusal) {
      caller.reply(Reply.of(refusal.problem()));
    }
    return caller;
  }
}
