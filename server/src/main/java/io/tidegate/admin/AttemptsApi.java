package io.tidegate.admin;

import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.ledger.AttemptFound;
import io.tidegate.ledger.AttemptQuery;
import io.tidegate.ledger.Listing;
import io.tidegate.ledger.Window;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/attempts`, and those of one destination. Straight-line code for virtual threads.
///
///     GET /attempts?tenant_id&event_id&destination_id&destination_type&status&topic&time[gte…]
///                  &include&limit&dir&next&prev
///     GET /attempts/{id}?include
///     GET /tenants/{tenant}/destinations/{id}/attempts[/{id}]
final class AttemptsApi {
  private AttemptsApi() {}

  static Reply list(OutboxCall call) {
    return list(call, call.seen(), LedgerForm.wanted(call, "destination_id"));
  }

  static Reply listOfDestination(OutboxCall call) {
    return list(call, List.of(call.names().getFirst()), List.of(call.destination().value().id()));
  }

  private static Reply list(OutboxCall call, List<String> tenants, List<String> destinations) {
    var window = LedgerForm.window(call);
    var listing =
        call.ledger()
            .attempts(
                new AttemptQuery(
                    tenants,
                    LedgerForm.wanted(call, "event_id"),
                    destinations,
                    LedgerForm.wanted(call, "destination_type"),
                    LedgerForm.wanted(call, "topic"),
                    delivered(call),
                    LedgerForm.span(call).after(call.since()),
                    window));
    return ApiJson.reply(200, shown(call, window, listing));
  }

  private static ObjectNode shown(OutboxCall call, Window window, Listing<AttemptFound> listing) {
    var view = AttemptView.of(call, listing.rows());
    return LedgerForm.page(window, listing, AttemptFound::cursor, view::shown);
  }

  private static Optional<Boolean> delivered(OutboxCall call) {
    return call.values("status").stream()
        .findFirst()
        .map(word ->
            switch (word) {
              case "success" -> true;
              case "failed" -> false;
              default ->
                  throw Problem.of(400, "malformed", "status: success or failed was expected")
                      .refuse();
            });
  }

  static Reply read(OutboxCall call) {
    return read(call, found(call, call.names().getFirst()));
  }

  static Reply readOfDestination(OutboxCall call) {
    var destination = call.destination().value();
    var found = found(call, call.names().get(2));
    if (!found.tenant().equals(destination.tenant())
        || !found.destination().equals(destination.id())) {
      throw OutboxCall.notFound();
    }
    return read(call, found);
  }

  private static Reply read(OutboxCall call, AttemptFound found) {
    return ApiJson.reply(200, AttemptView.of(call, List.of(found)).shown(found));
  }

  private static AttemptFound found(OutboxCall call, String id) {
    var tenants = call.seen();
    return call.ledger()
        .attempt(id)
        .filter(each -> tenants.isEmpty() || tenants.contains(each.tenant()))
        .filter(each -> each.at().toEpochMilli() >= call.since())
        .orElseThrow(OutboxCall::notFound);
  }
}
