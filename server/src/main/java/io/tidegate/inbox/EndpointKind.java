package io.tidegate.inbox;

import io.tidegate.inbox.EndpointForm.Identity;
import io.tidegate.inbox.EndpointForm.Terms;
import io.tidegate.registry.Command;
import io.tidegate.registry.Judgement;
import io.tidegate.registry.Judgement.Accepted;
import io.tidegate.registry.Judgement.Fault;
import io.tidegate.registry.Judgement.Rejected;
import io.tidegate.registry.Kind;
import io.tidegate.registry.SealingKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/// Endpoints as a kind of registry: `register`, `update`, `revoke`. A revocation is for ever, and an
/// id is never used twice.
///
///     (unknown) --register--> live --update--> live --revoke--> revoked
///         '-----------------revoke----------------------------------^
///
/// Changing the secret keeps the one before valid until `previous_secret_expires_at`, a day if
/// nothing else is said.
public final class EndpointKind implements Kind<RegisteredEndpoint> {
  public static final String TOPIC = "tidegate.endpoints";

  /// How long the secret before is still good after a change.
  public static final Duration OVERLAP = Duration.ofDays(1);

  private static final int MOST_SECRETS = 10;

  private final EndpointSecrets secrets;
  private final Rules rules;

  /// What this instance holds endpoints to.
  ///
  /// @param topics those that endpoints may write to
  /// @param check every fault of an endpoint, a sentence each
  /// @param usual what holds where a registration says nothing
  public record Rules(Predicate<String> topics, Check check, Terms usual) {

    /// Finds what is wrong with an endpoint.
    @FunctionalInterface
    public interface Check {
      List<String> faults(Endpoint endpoint);
    }
  }

  public EndpointKind(SealingKey key, Rules rules) {
    this.secrets = new EndpointSecrets(key);
    this.rules = rules;
  }

  @Override
  public String name() {
    return "endpoint";
  }

  @Override
  public String topic() {
    return TOPIC;
  }

  @Override
  public String idField() {
    return "endpoint_id";
  }

  @Override
  public Optional<String> trouble() {
    return secrets.check();
  }

  @Override
  public Judgement<RegisteredEndpoint> judge(
      Optional<RegisteredEndpoint> present, Command command, long version) {
    if (!EndpointId.isLegal(command.id())) {
      return invalid("/endpoint_id", "32 lowercase hexadecimal digits were expected");
    }
    var revoked = present.isPresent() && present.get().isRevoked();
    return switch (command.action()) {
      case "register" -> {
        if (present.isPresent()) {
          yield revoked ? gone() : Rejected.of("exists", "there is an endpoint of that id");
        }
        yield changed(present, command, version);
      }
      case "update" -> {
        if (present.isEmpty()) {
          yield Rejected.of("unknown", "there is no endpoint of that id");
        }
        yield revoked ? gone() : changed(present, command, version);
      }
      case "revoke" -> new Accepted<>(revoked(present, command, version));
      default -> Rejected.of("unknown_action", "register, update or revoke was expected");
    };
  }

  private static Judgement<RegisteredEndpoint> invalid(String pointer, String message) {
    return new Rejected<>("invalid", List.of(new Fault(pointer, message)));
  }

  private static Judgement<RegisteredEndpoint> gone() {
    return Rejected.of("revoked", "the endpoint was revoked, which is for ever");
  }

  private Judgement<RegisteredEndpoint> changed(
      Optional<RegisteredEndpoint> present, Command command, long version) {
    var document =
        present
            .map(before -> EndpointForm.own(before.endpoint(), before.handshakes()))
            .orElseGet(command.body()::objectNode);
    var patch = EndpointWords.patch(command.body());
    var faults = new ArrayList<Fault>();
    var identity = new Identity(command.id(), version);
    var read =
        EndpointForm.read(identity, EndpointWords.merged(document, patch), rules.usual(), faults);
    checkTimes(read, patch, command, faults);
    if (!rules.topics().test(read.topic())) {
      faults.add(new Fault("/topic", "a topic that endpoints may write to was expected"));
    }
    var sealed = sealed(present, read, command, version, faults);
    if (!faults.isEmpty()) {
      return new Rejected<>("invalid", faults);
    }
    try {
      var opened = secrets.openAll(read, sealed, read.handshakes());
      rules.check().faults(opened.endpoint()).forEach(fault -> faults.add(placed(fault)));
      return faults.isEmpty() ? new Accepted<>(opened) : new Rejected<>("invalid", faults);
    } catch (SealingKey.Unopened failed) {
      return new Rejected<>("unopened", List.of(new Fault("/auth_secret", failed.why())));
    }
  }

  private static void checkTimes(
      Endpoint endpoint, ObjectNode patch, Command command, List<Fault> faults) {
    if (patch.hasNonNull("expires_at")
        && endpoint.expires().isPresent()
        && !endpoint.expires().get().isAfter(command.at())) {
      faults.add(new Fault("/expires_at", "a time to come was expected"));
    }
  }

  /// A fault in the field that it begins with, if it does.
  private static Fault placed(String fault) {
    var colon = fault.indexOf(": ");
    return colon > 0 && EndpointForm.FIELDS.contains(fault.substring(0, colon))
        ? new Fault("/" + fault.substring(0, colon), fault.substring(colon + 2))
        : new Fault("", fault);
  }

  private static List<SealedSecret> sealed(
      Optional<RegisteredEndpoint> present,
      Endpoint endpoint,
      Command command,
      long version,
      List<Fault> faults) {
    if (endpoint.verification().preset().equals("none")) {
      return List.of();
    }
    var before = present.map(RegisteredEndpoint::secrets).orElse(List.of());
    var fields = new Fields(command.body(), "", faults);
    var fresh = fields.text("auth_secret", "", 8192);
    if (fresh.isEmpty()) {
      return fields.has("secrets") ? given(fields, faults) : before;
    }
    if (!SealingKey.isSealed(fresh)) {
      faults.add(new Fault("/auth_secret", "a sealed secret was expected, see `tidegate seal`"));
      return before;
    }
    var end = fields.time("previous_secret_expires_at").orElseGet(() -> command.at().plus(OVERLAP));
    var all = new ArrayList<SealedSecret>();
    all.add(new SealedSecret("v" + version, fresh, Instant.MAX));
    before.stream()
        .map(secret -> secret.until(end))
        .filter(secret -> secret.notAfter().isAfter(command.at()))
        .limit(MOST_SECRETS - 1)
        .forEach(all::add);
    return all;
  }

  /// Several at once, newest first, as another endpoint has them.
  private static List<SealedSecret> given(Fields fields, List<Fault> faults) {
    var all = fields.each("secrets", MOST_SECRETS).stream().map(SealedSecret::read).toList();
    if (all.stream().anyMatch(each -> !SealingKey.isSealed(each.sealed()))) {
      faults.add(new Fault("/secrets", "sealed secrets were expected, see `tidegate seal`"));
    }
    return all;
  }

  /// What it was is still shown; its secrets are gone.
  private static RegisteredEndpoint revoked(
      Optional<RegisteredEndpoint> present, Command command, long version) {
    var faults = new ArrayList<Fault>();
    var document =
        present
            .map(before -> EndpointForm.write(before.endpoint(), List.of(), false))
            .orElseGet(command.body()::objectNode);
    var fields = new Fields(command.body(), "", faults);
    var at = fields.time("revoked_at").orElse(command.at());
    var reason = fields.text("reason", "unspecified", 512);
    if (present.isEmpty() || !present.get().isRevoked()) {
      document.putObject("revoked").put("at", at.toString()).put("reason", reason);
    }
    var identity = new Identity(command.id(), version);
    var endpoint = EndpointForm.read(identity, document, Terms.USUAL, faults);
    return new RegisteredEndpoint(endpoint, List.of(), List.of());
  }

  @Override
  public ObjectNode write(RegisteredEndpoint value) {
    var document = EndpointForm.write(value.endpoint(), value.handshakes(), false);
    if (!value.secrets().isEmpty()) {
      var list = document.putArray("secrets");
      value.secrets().forEach(secret -> secret.write(list.addObject()));
    }
    return document;
  }

  @Override
  public RegisteredEndpoint read(String id, long version, ObjectNode written) {
    var faults = new ArrayList<Fault>();
    var endpoint = EndpointForm.read(new Identity(id, version), written, Terms.USUAL, faults);
    var sealed =
        new Fields(written, "", faults)
            .each("secrets", MOST_SECRETS).stream().map(SealedSecret::read).toList();
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException("an endpoint with " + faults.size() + " faults");
    }
    return secrets.open(endpoint, sealed, endpoint.handshakes());
  }
}
