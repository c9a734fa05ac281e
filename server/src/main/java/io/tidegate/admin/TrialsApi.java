package io.tidegate.admin;

import io.tidegate.base.Bytes;
import io.tidegate.delivery.Attempt;
import io.tidegate.http.Client;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.outbox.Destination;
import io.tidegate.outbox.Event;
import io.tidegate.outbox.Ids;
import io.tidegate.outbox.Trials.Trial;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Asking whether a destination works. Straight-line code for virtual threads.
///
///     POST …/destinations/{id}/test {topic, data}     sends an event now, and says how it went
///     POST …/destinations?check=true                  creates it if events could be delivered
///
///     {"event_id":"evt_…","success":false,"code":"connect_timeout","message":"no connection …",
///      "status":null,"response":null,"timings":{"connect_ms":5000.1,"total_ms":5000.2}}
final class TrialsApi {
  private static final int SHOWN_BODY = 4096;
  private static final int LONGEST_TOPIC = 128;

  private TrialsApi() {}

  static Reply send(OutboxCall call) {
    var destination = call.destination();
    var body = ApiJson.body(call.request());
    var event = event(call, destination.value(), body);
    return switch (call.parts().outbox().trials().send(destination, event)) {
      case Trial.Made(var attempt) -> ApiJson.reply(200, shown(event, attempt));
      case Trial.TooMany(var wait) -> tooMany(wait);
      case Trial.NotNow _, Trial.Nothing _ -> notNow();
    };
  }

  private static Event event(OutboxCall call, Destination destination, ObjectNode body) {
    var now = call.parts().time().now();
    var usual =
        destination.topics().patterns().stream()
            .filter(pattern -> pattern.indexOf('*') < 0)
            .findFirst()
            .orElse("test");
    var topic = SampleRequest.text(body, "topic", usual);
    var data = body.get("data");
    return new Event(
        Ids.event(now),
        false,
        destination.tenant(),
        topic.substring(0, Math.min(topic.length(), LONGEST_TOPIC)),
        Optional.of(destination.id()),
        now,
        false,
        Map.of("test", "true"),
        Bytes.utf8((data == null ? sample(destination, now.toString()) : data).toString()));
  }

  private static JsonNode sample(Destination destination, String now) {
    return ApiJson.object()
        .put("test", true)
        .put("destination_id", destination.id())
        .put("sent_at", now);
  }

  private static Reply tooMany(Duration wait) {
    var seconds = Long.toString(Math.max(1, wait.toSeconds() + 1));
    return OutpostJson.error(
        429,
        "too many tests of destinations; try again in " + seconds + " seconds",
        List.of(),
        Headers.of("retry-after", seconds));
  }

  private static Reply notNow() {
    return OutpostJson.error(503, "no deliveries are made here at the moment");
  }

  private static ObjectNode shown(Event event, Attempt attempt) {
    var body = ApiJson.object().put("event_id", event.id());
    body.put("success", attempt.kind() == Attempt.Kind.DELIVERED);
    body.put("code", attempt.word()).put("message", attempt.detail());
    var reply = attempt.reply();
    reply.ifPresentOrElse(each -> body.put("status", each.status()), () -> body.putNull("status"));
    reply.ifPresentOrElse(
        each -> body.set("response", response(each)), () -> body.putNull("response"));
    timings(attempt.timings(), body.putObject("timings"));
    return body;
  }

  private static ObjectNode response(Reply reply) {
    var response = ApiJson.object();
    var headers = response.putObject("headers");
    reply.headers().fields().forEach(field -> headers.put(field.name(), field.value()));
    var text = new String(reply.body().array(), StandardCharsets.UTF_8);
    return response.put("body", text.substring(0, Math.min(text.length(), SHOWN_BODY)));
  }

  private static void timings(Client.Timings timings, ObjectNode body) {
    put(body, "name_ms", timings.name());
    put(body, "connect_ms", timings.connect());
    put(body, "tls_ms", timings.tls());
    put(body, "first_byte_ms", timings.firstByte());
    put(body, "total_ms", timings.total());
  }

  private static void put(ObjectNode body, String name, long nanos) {
    if (nanos >= 0) {
      body.put(name, Math.round(nanos / 10_000.0) / 100.0);
    }
  }

  /// What is to be answered instead of a change, when a check was asked for and failed.
  ///
  /// @param present what is to be changed
  static Optional<Reply> check(OutboxCall call, ObjectNode body, Optional<Destination> present) {
    if (!call.values("check").contains("true")) {
      return Optional.empty();
    }
    var tenant = call.names().getFirst();
    return switch (call.parts().outbox().trials().check(tenant, body, present)) {
      case Trial.Made(var attempt) -> trouble(attempt);
      case Trial.TooMany(var wait) -> Optional.of(tooMany(wait));
      case Trial.NotNow _ -> Optional.of(notNow());
      case Trial.Nothing _ -> Optional.empty();
    };
  }

  private static Optional<Reply> trouble(Attempt attempt) {
    if (attempt.kind() == Attempt.Kind.DELIVERED) {
      return Optional.empty();
    }
    var why = "check failed (" + attempt.word() + "): " + attempt.detail();
    return Optional.of(OutpostJson.error(422, "validation error", List.of(why), Headers.NONE));
  }
}
