package io.tidegate.admin;

import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.registry.History.Told;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/// `GET /api/v1/audit`, `/api/v1/tenants/{tenant}/audit`: who asked for what, newest first. Whether
/// it was granted is seen in the thing itself; what was refused is in `tidegate.rejections`.
///
///     ?limit=50&before=<next of the page before>
final class AuditApi {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int USUAL = 50;
  private static final int MOST = 500;

  private AuditApi() {}

  static Reply list(OutboxCall call) {
    return list(call, _ -> true);
  }

  static Reply listOfTenant(OutboxCall call) {
    var tenant = call.names().getFirst();
    return list(call, told -> told.id().equals(tenant) || told.id().startsWith(tenant + "/"));
  }

  private static Reply list(OutboxCall call, Predicate<Told> wanted) {
    var limit = number(call, "limit").orElse((long) USUAL);
    if (limit < 1 || limit > MOST) {
      throw malformed("limit", "a number from 1 to " + MOST);
    }
    try {
      var page =
          call.parts()
              .outbox()
              .changes()
              .history()
              .read(number(call, "before"), Math.toIntExact(limit), wanted, LIMIT);
      var body = ApiJson.object();
      var models = body.putArray("models");
      page.told().forEach(told -> models.add(shown(told)));
      page.next().ifPresentOrElse(at -> body.put("next", at), () -> body.putNull("next"));
      return ApiJson.reply(200, body);
    } catch (LogUnavailable away) {
      throw Problem.of(503, "log_unavailable", "the commands cannot be read now").refuse();
    }
  }

  private static ObjectNode shown(Told told) {
    var node = ApiJson.object().put("offset", told.offset()).put("time", told.at().toString());
    node.put("by", told.by()).put("action", told.action()).put("kind", told.kind());
    node.put("id", told.id());
    if (!told.fields().isEmpty()) {
      told.fields().forEach(node.putArray("fields")::add);
    }
    if (!told.reason().isEmpty()) {
      node.put("reason", told.reason());
    }
    return node;
  }

  private static Optional<Long> number(OutboxCall call, String name) {
    var text = call.values(name).stream().findFirst();
    if (text.isPresent() && !text.get().matches("\\d{1,18}")) {
      throw malformed(name, "a whole number");
    }
    return text.map(Long::parseLong);
  }

  private static Problem.Refusal malformed(String name, String expected) {
    return Problem.of(400, "malformed", name + ": " + expected + " was expected").refuse();
  }
}
