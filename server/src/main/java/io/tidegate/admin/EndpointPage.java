package io.tidegate.admin;

import io.tidegate.inbox.EndpointForm;
import io.tidegate.inbox.EndpointId;
import io.tidegate.inbox.RegisteredEndpoint;
import io.tidegate.registry.Snapshot;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// An endpoint as operators see it: everything but what senders must know.
final class EndpointPage {
  private EndpointPage() {}

  static ObjectNode of(Snapshot<RegisteredEndpoint> snapshot, Instant now) {
    var endpoint = snapshot.value().endpoint();
    var body = ApiJson.object();
    body.put("id", EndpointHandles.of(snapshot.id()));
    body.put("id_prefix", EndpointId.shown(snapshot.id()));
    body.put("version", snapshot.version());
    body.put("status", status(snapshot.value(), now));
    body.setAll(EndpointForm.shown(endpoint));
    var secrets = body.putArray("secrets");
    for (var each : endpoint.secrets()) {
      var shown = secrets.addObject().put("id", each.id()).put("secret", "***");
      if (!each.notAfter().equals(Instant.MAX)) {
        shown.put("not_after", each.notAfter().toString());
      }
    }
    body.put("created_at", snapshot.created().toString());
    body.put("updated_at", snapshot.changed().toString());
    return body;
  }

  private static String status(RegisteredEndpoint value, Instant now) {
    if (value.isRevoked()) {
      return "revoked";
    }
    return value.endpoint().expires().map(at -> at.isBefore(now)).orElse(false)
        ? "expired"
        : "live";
  }
}
