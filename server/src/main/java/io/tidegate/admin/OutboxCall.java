package io.tidegate.admin;

import io.tidegate.http.Problem;
import io.tidegate.http.Request;
import io.tidegate.ledger.Ledger;
import io.tidegate.outbox.Changes;
import io.tidegate.outbox.Destination;
import io.tidegate.outbox.Tenant;
import io.tidegate.registry.Snapshot;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One request about event destinations, by somebody who may make it.
///
/// @param names what stands in the path where the route has a place for names
/// @param tenant who asks; empty for the operator
record OutboxCall(OutboxParts parts, Request request, List<String> names, Optional<String> tenant) {

  boolean isOperators() {
    return tenant.isEmpty();
  }

  /// Changes in the name of who asks.
  Changes changes() {
    return parts.outbox().changes().by(tenant.map(id -> "tenant " + id).orElse("operator"));
  }

  /// The tenant that the path names.
  Snapshot<Tenant> named() {
    return parts.outbox().directory().tenant(names.getFirst()).orElseThrow(OutboxCall::notFound);
  }

  /// The destination that the path names.
  Snapshot<Destination> destination() {
    var owner = named();
    return parts
        .outbox()
        .directory()
        .destination(owner.id(), names.get(1))
        .orElseThrow(OutboxCall::notFound);
  }

  /// What happened.
  Ledger ledger() {
    return parts
        .ledger()
        .get()
        .orElseThrow(
            () -> Problem.of(503, "no_ledger", "there is no ledger at the moment").refuse());
  }

  /// The tenants whose things may be seen: all for an empty list. A tenant sees itself, whatever it
  /// asks for.
  List<String> seen() {
    return tenant.map(List::of).orElseGet(() -> values("tenant_id"));
  }

  /// What was before this is not a tenant's: it belonged to an earlier one of its name.
  long since() {
    return tenant
        .flatMap(parts.outbox().directory()::tenant)
        .map(found -> found.value().born().toEpochMilli())
        .orElse(0L);
  }

  static Problem.Refusal notFound() {
    return Problem.of(404, "not_found", "not found").refuse();
  }

  /// The values of a parameter, in every way in which lists are written: `a=1&a=2`, `a[]=1`,
  /// `a[0]=1`.
  List<String> values(String name) {
    var values = new ArrayList<String>();
    for (var pair : request.query().split("&", -1)) {
      var equals = pair.indexOf('=');
      if (equals > 0) {
        var key = decoded(pair.substring(0, equals));
        if (key.equals(name) || key.matches(java.util.regex.Pattern.quote(name) + "\\[\\d*]")) {
          values.add(decoded(pair.substring(equals + 1)));
        }
      }
    }
    return values;
  }

  /// As forms write it.
  static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw Problem.of(400, "malformed", "percent-encoding was expected in the URL").refuse();
    }
  }
}
