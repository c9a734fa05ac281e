package io.tidegate.inbox;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// An endpoint with its secrets in both forms: open, as the data plane needs them, and sealed, as
/// they are written again.
///
/// @param endpoint its secrets are those that this instance can open
/// @param handshakes with their secrets sealed
public record RegisteredEndpoint(
    Endpoint endpoint, List<SealedSecret> secrets, List<Endpoint.HandshakeSpec> handshakes) {
  public RegisteredEndpoint {
    secrets = List.copyOf(secrets);
    handshakes = List.copyOf(handshakes);
  }

  /// The command that makes another endpoint like this one, with its secrets as they are.
  public ObjectNode registration(String id) {
    var command = EndpointForm.own(endpoint, handshakes);
    command.put("action", "register").put("endpoint_id", id);
    var list = command.putArray("secrets");
    secrets.forEach(secret -> secret.write(list.addObject()));
    return command;
  }

  public boolean isRevoked() {
    return endpoint.revoked().isPresent();
  }
}
