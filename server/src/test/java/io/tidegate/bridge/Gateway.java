package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.base.ManualTime;
import io.tidegate.base.Time;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Session;
import io.tidegate.plan.Guarded;
import io.tidegate.plan.HeaderTemplate;
import io.tidegate.plan.KafkaMapping;
import io.tidegate.plan.KafkaMapping.Acknowledgement;
import io.tidegate.plan.KafkaMapping.Action;
import io.tidegate.plan.KafkaMapping.Correlation;
import io.tidegate.plan.KafkaMapping.Fetch;
import io.tidegate.plan.KafkaMapping.Filter;
import io.tidegate.plan.KafkaMapping.Merge;
import io.tidegate.plan.KafkaMapping.Produce;
import io.tidegate.plan.KafkaMapping.Route;
import io.tidegate.plan.KafkaMapping.When;
import io.tidegate.plan.Pattern;
import io.tidegate.plan.Template;
import io.tidegate.plan.Template.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// A router over a cluster in memory, and the words to write routes and requests with.
final class Gateway {
  static final Template ID = new Template(List.of(new Part.Param("id")));
  static final Template IDEMPOTENCY_KEY = new Template(List.of(new Part.IdempotencyKey()));

  final TestCluster cluster = new TestCluster();
  final ManualTime time = new ManualTime();
  final Topics topics;
  private final Time clock;
  private final List<Route> routes = new ArrayList<>();
  private TopicsRouter router;

  Gateway() {
    clock = time;
    topics = new Topics(cluster, cluster, Runnable::run, time);
  }

  /// Over a cluster that is none of ours.
  Gateway(Topics topics, Time clock) {
    this.topics = topics;
    this.clock = clock;
  }

  Gateway route(String method, String path, Action action) {
    return route(List.of(), method, path, action);
  }

  Gateway route(List<Guarded> guarded, String method, String path, Action action) {
    var when = new When(Optional.ofNullable(method), Optional.of(Pattern.of(path)));
    return route(new Route(guarded, List.of(when), action));
  }

  Gateway route(Route route) {
    routes.add(route);
    router = new TopicsRouter(new KafkaMapping("test:map", routes), _ -> topics, clock);
    return this;
  }

  static When when(String method, String path) {
    return new When(Optional.ofNullable(method), Optional.of(Pattern.of(path)));
  }

  static Produce oneWay(String topic, Template key, HeaderTemplate... overrides) {
    return produce(Template.text(topic), key, List.of(overrides), List.of(), null);
  }

  static Produce oneWayForwarding(String topic, String... forwarded) {
    return produce(Template.text(topic), null, List.of(), List.of(forwarded), null);
  }

  static Produce produce(
      Template topic,
      Template key,
      List<HeaderTemplate> overrides,
      List<String> forwarded,
      Correlation correlation) {
    return new Produce(
        "embedded",
        topic,
        Acknowledgement.IN_SYNC_REPLICAS,
        Optional.ofNullable(key),
        overrides,
        forwarded,
        "idempotency-key",
        Optional.ofNullable(correlation),
        OptionalLong.empty());
  }

  static Correlation replyTo(String topic, HeaderTemplate... async) {
    return new Correlation(
        Template.text(topic),
        "zilla:reply-to",
        "zilla:correlation-id",
        "zilla:correlation-id",
        Duration.ofSeconds(30),
        List.of(async));
  }

  static Fetch fetchOne(String topic, Template key) {
    var filter = new Filter(Optional.of(key), List.of());
    return new Fetch("embedded", Template.text(topic), List.of(filter), Optional.empty());
  }

  static Fetch fetchMany(String topic, Filter... filters) {
    return new Fetch(
        "embedded", Template.text(topic), List.of(filters), Optional.of(Merge.JSON_ARRAY));
  }

  static Request request(String method, String target, String body, String... headers) {
    var question = target.indexOf('?');
    return new Request(
        "r-1",
        "http",
        "shop.example:7114",
        method,
        question < 0 ? target : target.substring(0, question),
        question < 0 ? "" : target.substring(question + 1),
        Headers.of(headers),
        Bytes.utf8(body),
        "127.0.0.1",
        Map.of());
  }

  static Session session(String guard, String identity, String... roles) {
    return new Session(
        guard, Optional.of(identity), Set.of(roles), Map.of("region", "eu"), Optional.empty());
  }

  Caller send(String method, String target, String body, String... headers) {
    return send(new Caller(), request(method, target, body, headers));
  }

  Caller get(String target, String... headers) {
    return send("GET", target, "", headers);
  }

  /// As the dispatcher does it: the head first, refusals mapped.
  Caller send(Caller caller, Request request) {
    try {
      router.route(request.withBody(Bytes.EMPTY)).handle(request, caller);
    } catch (Problem.Refusal refusal) {
      caller.reply(Reply.of(refusal.problem()));
    }
    return caller;
  }

  long bodyLimit(String method, String target) {
    return router.route(request(method, target, "")).bodyLimit();
  }
}
