package io.tidegate.inbox;

import io.tidegate.guard.SigningSecret;
import io.tidegate.plan.WebhookMapping;
import io.tidegate.plan.WebhookMapping.StaticEndpoint;
import io.tidegate.plan.WebhookMapping.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The endpoints of the configuration, before those of a registry. A revocation in the registry
/// wins over the file.
public final class StaticEndpoints implements Endpoints {
  private final Map<String, Endpoint> ofFile;
  private final Endpoints others;

  private StaticEndpoints(Map<String, Endpoint> ofFile, Endpoints others) {
    this.ofFile = Map.copyOf(ofFile);
    this.others = others;
  }

  public static StaticEndpoints of(WebhookMapping mapping, Endpoints others) {
    var all = new HashMap<String, Endpoint>();
    mapping.endpoints().forEach(endpoint -> all.put(endpoint.id(), endpoint(endpoint)));
    return new StaticEndpoints(all, others);
  }

  @Override
  public Optional<Endpoint> find(String id) {
    var mine = ofFile.get(id);
    if (mine == null) {
      return others.find(id);
    }
    var other = others.find(id);
    return other.isPresent() && other.get().revoked().isPresent() ? other : Optional.of(mine);
  }

  @Override
  public Standing standing() {
    return others.standing();
  }

  @Override
  public WebhookConfig config() {
    return others.config();
  }

  @Override
  public int active() {
    return others.active();
  }

  int size() {
    return ofFile.size();
  }

  /// What is wrong with an endpoint of the file: for the planner.
  public static List<String> faults(StaticEndpoint endpoint) {
    return EndpointRules.faults(endpoint(endpoint));
  }

  private static Endpoint endpoint(StaticEndpoint endpoint) {
    var verification =
        new Endpoint.Verification(endpoint.preset(), endpoint.parameters(), endpoint.tolerance());
    var handshakes =
        endpoint.handshakes().entrySet().stream()
            .map(each -> new Endpoint.HandshakeSpec(each.getKey(), each.getValue()))
            .toList();
    var secrets =
        endpoint.secrets().stream()
            .map(secret -> new SigningSecret(secret.id(), secret.secret(), secret.notAfter()))
            .toList();
    return endpoint(
        endpoint.id(),
        endpoint.topic(),
        endpoint.description(),
        new Proof(verification, secrets, handshakes),
        endpoint.terms(),
        endpoint.expires());
  }

  private record Proof(
      Endpoint.Verification verification,
      List<SigningSecret> secrets,
      List<Endpoint.HandshakeSpec> handshakes) {
    static final Proof NONE = new Proof(Endpoint.Verification.NONE, List.of(), List.of());
  }

  /// What stands behind `/topics/{name}`.
  static Endpoint named(String topic, Terms terms) {
    return endpoint("topics/" + topic, topic, "", Proof.NONE, terms, Optional.empty());
  }

  private static Endpoint endpoint(
      String id,
      String topic,
      String description,
      Proof proof,
      Terms terms,
      Optional<Instant> expires) {
    Duration window = terms.window();
    return new Endpoint(
        id,
        1,
        topic,
        description,
        proof.verification,
        proof.secrets,
        proof.handshakes,
        terms.inMemory() ? Endpoint.Ack.MEMORY : Endpoint.Ack.DURABLE,
        new Endpoint.Answer(terms.status(), terms.contentType(), terms.body()),
        terms.key(),
        terms.forward(),
        terms.contentTypes(),
        new Endpoint.Limits(terms.bodyLimit(), terms.perSecond(), terms.burst(), window),
        expires,
        Optional.empty(),
        terms.said());
  }
}
