package io.tidegate.admin;

import io.tidegate.delivery.CourierView;
import io.tidegate.delivery.CourierView.LaneState;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.log.RecordLog.LogUnavailable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// What operators see of webhooks out, and how they help a lane along. On this instance: others
/// have other partitions. For virtual threads.
final class PumpsApi {
  private PumpsApi() {}

  static Reply list(List<PumpDesk> pumps) {
    var body = ApiJson.object();
    var models = body.putArray("models");
    pumps.forEach(pump -> models.add(summary(pump.view())));
    return ApiJson.reply(200, body);
  }

  static Reply read(PumpDesk pump) {
    var view = pump.view();
    var body = summary(view);
    var partitions = body.putArray("owned_partitions");
    for (var each : view.partitions()) {
      var partition =
          partitions
              .addObject()
              .put("topic", each.topic())
              .put("partition", each.partition())
              .put("committed", each.committed())
              .put("read", each.read())
              .put("owed", each.owed());
      putCount(partition, "unread", each.unread());
    }
    var receivers = body.putObject("receivers");
    view.receivers().forEach(receivers::put);
    var broken = body.putArray("broken");
    for (var each : view.broken()) {
      broken
          .addObject()
          .put("authority", each.authority())
          .put("probing", each.probing())
          .put("failures", each.failures())
          .put("waiting", each.waiting())
          .put("pause_seconds", seconds(each.pause()));
    }
    return ApiJson.reply(200, body);
  }

  /// Null while it is not known.
  private static void putCount(ObjectNode body, String name, OptionalLong count) {
    count.ifPresentOrElse(known -> body.put(name, known), () -> body.putNull(name));
  }

  private static ObjectNode summary(CourierView view) {
    var body = ApiJson.object();
    body.put("name", view.pump());
    body.put("group", view.group());
    body.put("partitions", view.partitions().size());
    var lanes = body.putObject("lanes");
    for (var state : LaneState.values()) {
      lanes.put(word(state), view.lanes().getOrDefault(state, 0));
    }
    putCount(body, "lag", view.lag());
    body.put("in_flight", view.inFlight());
    view.oldest().ifPresent(age -> body.put("oldest_seconds", seconds(age)));
    view.trouble().ifPresent(trouble -> body.put("trouble", trouble));
    return body;
  }

  static Reply lanes(PumpDesk pump, Request request) {
    var query = Page.values(request.query());
    var state = Optional.ofNullable(query.get("state")).map(PumpsApi::state);
    return models(pump.lanes(state, Page.limit(query.get("limit"))));
  }

  static Reply lane(PumpDesk pump, String key) {
    var lanes = pump.lane(key);
    if (lanes.isEmpty()) {
      throw nothingOwed();
    }
    return models(lanes);
  }

  private static Reply models(List<CourierView.Lane> lanes) {
    var body = ApiJson.object();
    var models = body.putArray("models");
    lanes.forEach(lane -> models.add(shown(lane)));
    return ApiJson.reply(200, body);
  }

  private static ObjectNode shown(CourierView.Lane lane) {
    var body = ApiJson.object();
    body.put("key", lane.key());
    body.put("state", word(lane.state()));
    body.put("topic", lane.topic());
    body.put("partition", lane.partition());
    body.put("position", lane.position());
    body.put("authority", lane.authority());
    lane.age().ifPresent(age -> body.put("age_seconds", seconds(age)));
    body.put("pending", lane.pending());
    body.put("more", lane.more());
    body.put("attempts", lane.attempts());
    lane.next().ifPresent(next -> body.put("next_attempt", next.toString()));
    body.put("last", lane.word());
    body.put("gone", lane.gone());
    return body;
  }

  static Reply retry(PumpDesk pump, String key) {
    requireOwed(pump, key);
    if (!pump.retry(key)) {
      throw conflict("nothing_waits", "the lane waits for nothing: it is being sent, or about to");
    }
    return lanesNow(pump, key);
  }

  static Reply unblock(PumpDesk pump, String key) {
    var blocked =
        requireOwed(pump, key).stream().anyMatch(lane -> lane.state() == LaneState.BLOCKED);
    if (!blocked || !pump.retry(key)) {
      throw conflict("not_blocked", "the lane does not wait for an operator");
    }
    return lanesNow(pump, key);
  }

  static Reply skip(PumpDesk pump, String key) {
    requireOwed(pump, key);
    try {
      if (!pump.skip(key)) {
        throw conflict("in_flight", "its oldest record is just being sent; try again in a moment");
      }
    } catch (LogUnavailable away) {
      throw Problem.of(503, "log_unavailable", "it cannot be written down now")
          .retryAfter(Duration.ofSeconds(1))
          .refuse();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw Problem.of(503, "unavailable", "the gateway is stopping").refuse();
    }
    return lanesNow(pump, key);
  }

  private static List<CourierView.Lane> requireOwed(PumpDesk pump, String key) {
    var lanes = pump.lane(key);
    if (lanes.isEmpty()) {
      throw nothingOwed();
    }
    return lanes;
  }

  /// What is left of it; nothing, when that was all it owed.
  private static Reply lanesNow(PumpDesk pump, String key) {
    return models(pump.lane(key));
  }

  private static Problem.Refusal nothingOwed() {
    return Problem.of(404, "nothing_owed", "this instance owes nothing to that key").refuse();
  }

  private static Problem.Refusal conflict(String code, String detail) {
    return Problem.of(409, code, detail).refuse();
  }

  private static LaneState state(String text) {
    return Arrays.stream(LaneState.values())
        .filter(state -> word(state).equals(text))
        .findFirst()
        .orElseThrow(() -> {
          var words =
              Arrays.stream(LaneState.values())
                  .map(PumpsApi::word)
                  .collect(Collectors.joining(", "));
          return Problem.of(400, "malformed", "state: one of " + words + " was expected").refuse();
        });
  }

  private static String word(LaneState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
