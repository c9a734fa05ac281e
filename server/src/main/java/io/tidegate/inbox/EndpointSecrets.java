package io.tidegate.inbox;

import io.tidegate.guard.SigningSecret;
import io.tidegate.inbox.Endpoint.HandshakeSpec;
import io.tidegate.registry.SealingKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Opens what endpoints have sealed, and remembers where that failed: such an endpoint refuses
/// everything, and health says why. Any thread.
final class EndpointSecrets {
  private final SealingKey key;
  private final Map<String, String> unopened = new ConcurrentHashMap<>();

  EndpointSecrets(SealingKey key) {
    this.key = key;
  }

  /// @throws SealingKey.Unopened when not all of it can be opened
  RegisteredEndpoint openAll(
      Endpoint endpoint, List<SealedSecret> sealed, List<HandshakeSpec> handshakes) {
    var secrets = sealed.stream().map(each -> each.open(key)).toList();
    var opened = handshakes.stream().map(this::open).toList();
    return new RegisteredEndpoint(with(endpoint, secrets, opened), sealed, handshakes);
  }

  /// The same, with what cannot be opened left out.
  RegisteredEndpoint open(
      Endpoint endpoint, List<SealedSecret> sealed, List<HandshakeSpec> handshakes) {
    try {
      var opened = openAll(endpoint, sealed, handshakes);
      unopened.remove(endpoint.id());
      return opened;
    } catch (SealingKey.Unopened failed) {
      unopened.put(endpoint.id(), failed.why());
    }
    var secrets = new ArrayList<SigningSecret>();
    for (var each : sealed) {
      try {
        secrets.add(each.open(key));
      } catch (SealingKey.Unopened _) {
        // counted above
      }
    }
    return new RegisteredEndpoint(with(endpoint, secrets, List.of()), sealed, handshakes);
  }

  private HandshakeSpec open(HandshakeSpec handshake) {
    var token = handshake.parameters().get(SealedSecret.VERIFY_TOKEN);
    if (token == null || !SealingKey.isSealed(token)) {
      return handshake;
    }
    var parameters = new HashMap<>(handshake.parameters());
    parameters.put(SealedSecret.VERIFY_TOKEN, key.open(token).reveal());
    return new HandshakeSpec(handshake.name(), parameters);
  }

  private static Endpoint with(
      Endpoint endpoint, List<SigningSecret> secrets, List<HandshakeSpec> handshakes) {
    return new Endpoint(
        endpoint.id(),
        endpoint.version(),
        endpoint.topic(),
        endpoint.description(),
        endpoint.verification(),
        secrets,
        handshakes,
        endpoint.ack(),
        endpoint.answer(),
        endpoint.key(),
        endpoint.forward(),
        endpoint.contentTypes(),
        endpoint.limits(),
        endpoint.expires(),
        endpoint.revoked(),
        endpoint.said());
  }

  /// Empty when everything was opened, else what is wrong.
  Optional<String> check() {
    return unopened.values().stream()
        .findAny()
        .map(why ->
            "the secrets of "
                + unopened.size()
                + " endpoints cannot be opened, and their senders are refused: "
                + why);
  }
}
