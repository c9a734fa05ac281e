package io.tidegate.admin;

import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.outbox.Changes.Backlog;
import io.tidegate.outbox.Changes.Change;
import io.tidegate.outbox.Destination;
import io.tidegate.registry.Outcome;
import io.tidegate.registry.Snapshot;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/tenants/{tenant}/destinations`. Straight-line code for virtual threads.
///
///     POST   …/destinations                 create; secrets are shown this once
///     GET    …/destinations?type&topics     all, oldest first
///     GET    …/destinations/{id}            read      PATCH  change (merge patch)     DELETE
///     PUT    …/destinations/{id}/enable {backlog}     PUT …/disable {reason}
///
/// With `?check=true` nothing is created or changed before the place has been asked whether events
/// could be delivered there.
final class DestinationsApi {
  private static final String PREVIOUS = "previous_";
  private static final String END = "_invalid_at";

  private DestinationsApi() {}

  static Reply list(OutboxCall call) {
    var types = call.values("type");
    var topics = call.values("topics");
    var list = ApiJson.object().arrayNode();
    call.parts().outbox().directory().destinations(call.named().id()).stream()
        .filter(each -> types.isEmpty() || types.contains(each.value().type()))
        .filter(each -> topics.stream().allMatch(each.value().topics()::matches))
        .forEach(each -> list.add(shown(call, each, Map.of())));
    return ApiJson.reply(200, list);
  }

  static Reply create(OutboxCall call) {
    var tenant = call.named();
    var body = ApiJson.body(call.request());
    var trouble = TrialsApi.check(call, body, Optional.empty());
    if (trouble.isPresent()) {
      return trouble.get();
    }
    return answer(call, 201, call.changes().create(tenant, body, call.isOperators()));
  }

  static Reply read(OutboxCall call) {
    return ApiJson.reply(200, shown(call, call.destination(), Map.of()));
  }

  static Reply update(OutboxCall call) {
    var present = call.destination();
    var patch = ApiJson.body(call.request());
    var trouble = TrialsApi.check(call, patch, Optional.of(present.value()));
    if (trouble.isPresent()) {
      return trouble.get();
    }
    return answer(call, 200, call.changes().update(present, patch, call.isOperators()));
  }

  private static Reply answer(OutboxCall call, int status, Change change) {
    if (!(change.outcome() instanceof Outcome.Accepted)) {
      return OutpostJson.refused(change.outcome());
    }
    var now =
        call.parts()
            .outbox()
            .directory()
            .destination(call.names().getFirst(), change.id())
            .orElseThrow(OutboxCall::notFound);
    return ApiJson.reply(status, shown(call, now, change.shown()));
  }

  static Reply delete(OutboxCall call) {
    var outcome = call.changes().delete(call.destination().value());
    return outcome instanceof Outcome.Accepted
        ? TenantsApi.success()
        : OutpostJson.refused(outcome);
  }

  static Reply enable(OutboxCall call) {
    var present = call.destination().value();
    var backlog = backlog(call);
    return answer(call, present, call.changes().enable(present, backlog));
  }

  private static Backlog backlog(OutboxCall call) {
    var word =
        call.values("backlog").stream()
            .findFirst()
            .orElseGet(
                () -> SampleRequest.text(ApiJson.body(call.request()), "backlog", "deliver"));
    return switch (word) {
      case "deliver" -> Backlog.DELIVER;
      case "drop" -> Backlog.DROP;
      default ->
          throw Problem.of(422, "invalid", "backlog must be \"deliver\" or \"drop\"").refuse();
    };
  }

  static Reply disable(OutboxCall call) {
    var present = call.destination().value();
    var reason = SampleRequest.text(ApiJson.body(call.request()), "reason", "");
    return answer(call, present, call.changes().disable(present, reason));
  }

  private static Reply answer(OutboxCall call, Destination destination, Outcome outcome) {
    return answer(call, 200, new Change(outcome, destination.id(), Map.of()));
  }

  /// @param clear credentials that are shown as they are, this once
  static ObjectNode shown(
      OutboxCall call, Snapshot<Destination> snapshot, Map<String, String> clear) {
    var outbox = call.parts().outbox();
    var value = snapshot.value();
    var body = ApiJson.object().put("id", value.id()).put("type", value.type());
    body.set("topics", value.topics().write());
    value
        .filter()
        .ifPresentOrElse(
            filter -> body.set("filter", ApiJson.read(filter)), () -> body.putNull("filter"));
    outbox.changes().shown(value).forEach(body.putObject("config")::put);
    var credentials = body.putObject("credentials");
    outbox.changes().masked(value).forEach(credentials::put);
    clear.forEach(credentials::put);
    hideWhatIsOver(credentials, call.parts().time().now());
    OutboxPages.words(body, "delivery_metadata", value.deliveryMetadata());
    OutboxPages.words(body, "metadata", value.metadata());
    value
        .disabled()
        .ifPresentOrElse(
            disabled -> body.put("disabled_at", disabled.at().toString()),
            () -> body.putNull("disabled_at"));
    value
        .disabled()
        .filter(disabled -> !disabled.reason().isEmpty())
        .ifPresent(disabled -> body.put("disabled_reason", disabled.reason()));
    body.put("created_at", snapshot.created().toString());
    body.put("updated_at", snapshot.changed().toString());
    var target = outbox.type(value).map(type -> type.target(value.config()));
    body.put("target", target.map(it -> it.label()).orElse(""));
    body.put("target_url", target.map(it -> it.url()).orElse(""));
    return body;
  }

  /// A secret that is no longer good is none.
  private static void hideWhatIsOver(ObjectNode credentials, Instant now) {
    for (var name : java.util.List.copyOf(credentials.propertyNames())) {
      if (name.startsWith(PREVIOUS)
          && name.endsWith(END)
          && isOver(credentials.path(name).asString(""), now)) {
        credentials.remove(name);
        credentials.remove(name.substring(0, name.length() - END.length()));
      }
    }
  }

  private static boolean isOver(String end, Instant now) {
    try {
      return !OffsetDateTime.parse(end).toInstant().isAfter(now);
    } catch (DateTimeException none) {
      return false;
    }
  }
}
