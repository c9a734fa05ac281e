package io.tidegate.outbox;

import io.tidegate.base.Secret;
import io.tidegate.registry.History;
import io.tidegate.registry.Judgement.Fault;
import io.tidegate.registry.Outcome;
import io.tidegate.registry.Registries;
import io.tidegate.registry.SealingKey;
import io.tidegate.registry.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Turns what callers want changed into commands, with every secret sealed before it leaves this
/// process, and waits until this instance knows the result. For virtual threads.
public final class Changes {
  private static final Duration LIMIT = Duration.ofSeconds(8);
  private static final List<String> GIVEN =
      List.of("type", "topics", "config", "credentials", "delivery_metadata", "metadata");

  /// What callers may send back because they were shown it; it is none of theirs to change.
  private static final Set<String> READ_ONLY =
      Set.of(
          "disabled_reason", "id", "tenant_id", "created_at", "updated_at", "target", "target_url");

  private static final String ROTATE = "rotate_secret";

  private final Registries registries;
  private final Directory directory;
  private final DestinationTypes types;
  private final DestinationSecrets secrets;
  private final int mostDestinations;
  private final String who;

  /// @param mostDestinations of one tenant
  Changes(
      Registries registries,
      Directory directory,
      DestinationTypes types,
      SealingKey key,
      int mostDestinations) {
    this(registries, directory, types, new DestinationSecrets(key), mostDestinations, "tidegate");
  }

  private Changes(
      Registries registries,
      Directory directory,
      DestinationTypes types,
      DestinationSecrets secrets,
      int mostDestinations,
      String who) {
    this.registries = registries;
    this.directory = directory;
    this.types = types;
    this.secrets = secrets;
    this.mostDestinations = mostDestinations;
    this.who = who;
  }

  /// The same, with commands that say who wants them: `operator`, or `tenant` and its id.
  public Changes by(String name) {
    return new Changes(registries, directory, types, secrets, mostDestinations, name);
  }

  /// Who asked for what so far.
  public History history() {
    return registries.history();
  }

  /// @param shown credentials in clear, to be shown this once
  public record Change(Outcome outcome, String id, Map<String, String> shown) {
    static Change refused(String code, List<Fault> faults) {
      return new Change(new Outcome.Rejected(code, faults), "", Map.of());
    }
  }

  public Outcome upsert(String tenant, @Nullable JsonNode metadata) {
    var command = command(TenantKind.NAME, "upsert", "tenant_id", tenant);
    if (metadata != null) {
      command.set("metadata", metadata);
    }
    return registries.submit(command, LIMIT);
  }

  /// Ends the tenant, which ends all that it has; then takes the secrets out of its destinations.
  public Outcome delete(Snapshot<Tenant> tenant) {
    var owned = directory.destinations(tenant.id());
    var outcome =
        registries.submit(command(TenantKind.NAME, "delete", "tenant_id", tenant.id()), LIMIT);
    if (outcome instanceof Outcome.Accepted) {
      for (var each : owned) {
        if (!(delete(each.value()) instanceof Outcome.Accepted)) {
          break;
        }
      }
    }
    return outcome;
  }

  public Outcome delete(Destination destination) {
    return registries.submit(command("delete", destination), LIMIT);
  }

  /// What it was owed while it was disabled.
  public enum Backlog {
    DELIVER,
    DROP
  }

  public Outcome enable(Destination destination, Backlog backlog) {
    var word = backlog.name().toLowerCase(Locale.ROOT);
    return registries.submit(command("enable", destination).put("backlog", word), LIMIT);
  }

  public Outcome disable(Destination destination, String reason) {
    return registries.submit(command("disable", destination).put("reason", reason), LIMIT);
  }

  /// For what happened to a destination as it was at that version: one that was changed meanwhile
  /// stays as it is.
  Outcome disable(String key, long version, String reason) {
    var command = command(DestinationKind.NAME, "disable", "destination_id", key);
    return registries.submit(command.put("reason", reason).put("expected_version", version), LIMIT);
  }

  /// @param operator false for the tenant itself, which may not choose every credential
  public Change create(Snapshot<Tenant> tenant, ObjectNode body, boolean operator) {
    if (directory.destinations(tenant.id()).size() >= mostDestinations) {
      return Change.refused(
          "limit",
          List.of(new Fault("", "a tenant has at most " + mostDestinations + " destinations")));
    }
    var faults = new ArrayList<Fault>();
    var type = types.find(Words.text(body.get("type")));
    var document = document(body, type, faults);
    var shown = new LinkedHashMap<String, String>();
    type.ifPresentOrElse(
        each -> prepare(each, document, operator, shown, faults),
        () -> document.remove(List.of("config", "credentials"))); // who knows what is secret there
    if (!faults.isEmpty()) {
      return Change.refused("invalid", faults);
    }
    var id = body.hasNonNull("id") ? body.path("id").asString("") : Ids.destination();
    document.put("id", id).put("tenant", tenant.id()).put("life", tenant.value().life());
    var key = Ids.key(tenant.id(), id);
    var command = command(DestinationKind.NAME, "create", "destination_id", key);
    command.put("expected_version", 0).set("destination", document);
    return new Change(outcome(command), id, shown);
  }

  /// One that is there already is no conflict of versions to whoever creates.
  private Outcome outcome(ObjectNode command) {
    var outcome = registries.submit(command, LIMIT);
    return outcome instanceof Outcome.Rejected(var code, var _) && code.equals("version_conflict")
        ? new Outcome.Rejected(
            "exists", List.of(new Fault("/id", "there is, or was, a destination of that id")))
        : outcome;
  }

  /// The fields that say what it is, with texts where texts are kept.
  private static ObjectNode document(
      ObjectNode body, Optional<DestinationType> type, List<Fault> faults) {
    var document = JsonNodeFactory.instance.objectNode();
    for (var field : body.properties()) {
      if (field.getKey().equals("credentials") && !isObject(field.getValue())) {
        faults.add(new Fault("/credentials", "an object of texts was expected"));
      } else if (GIVEN.contains(field.getKey())) {
        document.set(field.getKey(), field.getValue().deepCopy());
      } else if (field.getKey().equals("filter")) {
        filter(field.getValue(), document, faults);
      } else if (field.getKey().equals("disabled_at")) {
        disabled(field.getValue(), document, faults);
      } else if (!READ_ONLY.contains(field.getKey())) {
        faults.add(new Fault("/" + field.getKey(), "no field has this name"));
      }
    }
    if (document.get("config") instanceof ObjectNode config) {
      type.ifPresent(each -> asTexts(each, config));
    }
    return document;
  }

  private static boolean isObject(JsonNode value) {
    return value.isNull() || value.isObject();
  }

  /// Null enables.
  private static void disabled(JsonNode at, ObjectNode document, List<Fault> faults) {
    if (at.isNull()) {
      document.putNull("disabled");
      return;
    }
    WebhookType.moment(Words.text(at))
        .ifPresentOrElse(
            moment -> document.putObject("disabled").put("at", moment.toEpochMilli()),
            () -> faults.add(new Fault("/disabled_at", "must be a time (RFC 3339) or null")));
  }

  /// Null and `{}` take a filter away.
  private static void filter(JsonNode filter, ObjectNode document, List<Fault> faults) {
    if (filter.isNull() || (filter.isObject() && filter.isEmpty())) {
      document.putNull("filter");
    } else if (filter.isObject()) {
      document.put("filter", filter.toString());
    } else {
      faults.add(new Fault("/filter", "must be an object, or null"));
    }
  }

  /// Forms send objects where texts are kept.
  private static void asTexts(DestinationType type, ObjectNode config) {
    for (var field : type.schema().config()) {
      if (field.type() == TypeSchema.Input.KEY_VALUE_MAP
          && config.get(field.key()) instanceof ObjectNode map) {
        config.put(field.key(), map.isEmpty() ? "" : map.toString());
      }
    }
  }

  private void prepare(
      DestinationType type,
      ObjectNode document,
      boolean operator,
      Map<String, String> shown,
      List<Fault> faults) {
    var credentials = document.withObject("credentials");
    credentials.remove(ROTATE);
    for (var name : List.copyOf(credentials.propertyNames())) {
      var value = credentials.get(name);
      if (value.isNull() || (value.isString() && value.asString().isEmpty())) {
        credentials.remove(name);
      } else if (!operator && type.isOperators(name)) {
        faults.add(new Fault("/credentials/" + name, "may be set by the operator alone"));
      }
    }
    type.fresh()
        .forEach((name, secret) -> {
          if (!credentials.has(name)) {
            credentials.put(name, secret.reveal());
          }
        });
    seal(type, credentials, shown, faults);
    if (document.get("config") instanceof ObjectNode config) {
      new SealedConfig(type, secrets).seal(config, faults);
    }
  }

  /// Nothing that may be a secret gets into a command in clear, whatever is judged of it later.
  private void seal(
      DestinationType type, ObjectNode credentials, Map<String, String> shown, List<Fault> faults) {
    for (var name : List.copyOf(credentials.propertyNames())) {
      var given = credentials.get(name);
      var value = Words.text(given);
      if (!given.isString() && !given.isNull()) {
        faults.add(new Fault("/credentials/" + name, "a text was expected"));
      } else if (!type.isCredential(name)) {
        faults.add(new Fault("/credentials/" + name, "no field has this name"));
      } else if (type.isSecret(name) && !value.isEmpty()) {
        shown.put(name, value);
        credentials.put(name, secrets.seal(new Secret(value)));
      }
    }
  }

  /// @param patch as JSON merge patch
  public Change update(Snapshot<Destination> present, ObjectNode patch, boolean operator) {
    var before = present.value();
    var type = types.find(before.type());
    var faults = new ArrayList<Fault>();
    var changes = document(patch, type, faults);
    var command = command("update", before);
    var shown = new LinkedHashMap<String, String>();
    if (changes.get("credentials") instanceof ObjectNode credentials) {
      type.ifPresentOrElse(
          known -> credentials(known, before, credentials, operator, command, shown, faults),
          () -> faults.add(new Fault("/credentials", "this instance does not know the type")));
    }
    if (changes.get("config") instanceof ObjectNode config) {
      type.ifPresentOrElse(
          known -> new SealedConfig(known, secrets).seal(before, config, faults),
          () -> faults.add(new Fault("/config", "this instance does not know the type")));
    }
    if (!faults.isEmpty()) {
      return Change.refused("invalid", faults);
    }
    command.set("patch", changes);
    return new Change(registries.submit(command, LIMIT), before.id(), shown);
  }

  private void credentials(
      DestinationType type,
      Destination before,
      ObjectNode credentials,
      boolean operator,
      ObjectNode command,
      Map<String, String> shown,
      List<Fault> faults) {
    var rotate = credentials.remove(ROTATE);
    if (rotate != null && rotate.asString("").equals("true")) {
      rotate(type, credentials, command, shown, faults);
      return;
    }
    var known = opened(before);
    for (var name : List.copyOf(credentials.propertyNames())) {
      var value = credentials.path(name).asString("");
      var present = known.getOrDefault(name, "");
      boolean same =
          value.equals(present)
              || (type.isSecret(name) && value.equals(DestinationSecrets.mask(present)));
      if (same && !present.isEmpty()) {
        credentials.remove(name);
      } else if (!operator && type.isOperators(name)) {
        faults.add(new Fault("/credentials/" + name, "may be set by the operator alone"));
      }
    }
    seal(type, credentials, shown, faults);
  }

  private void rotate(
      DestinationType type,
      ObjectNode credentials,
      ObjectNode command,
      Map<String, String> shown,
      List<Fault> faults) {
    var name = type.rotating();
    if (name.isEmpty()) {
      faults.add(new Fault("/credentials/" + ROTATE, "nothing of this type can be rotated"));
      return;
    }
    var until = Words.text(credentials.get("previous_" + name.get() + "_invalid_at"));
    if (!until.isEmpty()) {
      command.put("previous_until", until);
    }
    credentials.removeAll();
    var fresh = type.fresh().getOrDefault(name.get(), new Secret(""));
    command.put("rotate", secrets.seal(fresh));
    shown.put(name.get(), fresh.reveal());
  }

  private Map<String, String> opened(Destination destination) {
    try {
      return secrets.open(destination.credentials());
    } catch (SealingKey.Unopened _) {
      return Map.of();
    }
  }

  /// What is shown of a destination's credentials.
  public Map<String, String> masked(Destination destination) {
    var type = types.find(destination.type());
    var masked = new LinkedHashMap<String, String>();
    var known = opened(destination);
    destination
        .credentials()
        .forEach((name, value) -> {
          var secret = type.map(each -> each.isSecret(name)).orElse(true);
          masked.put(name, secret ? DestinationSecrets.mask(known.getOrDefault(name, "")) : value);
        });
    return masked;
  }

  /// What is shown of a destination's configuration.
  public Map<String, String> shown(Destination destination) {
    return types
        .find(destination.type())
        .map(type -> new SealedConfig(type, secrets).shown(destination))
        .orElseGet(() -> SealedConfig.hidden(destination));
  }

  private ObjectNode command(String action, Destination destination) {
    return command(DestinationKind.NAME, action, "destination_id", destination.key());
  }

  private ObjectNode command(String kind, String action, String idField, String id) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("kind", kind)
        .put("action", action)
        .put("by", who)
        .put(idField, id);
  }
}
