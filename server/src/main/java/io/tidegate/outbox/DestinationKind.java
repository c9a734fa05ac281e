package io.tidegate.outbox;

import io.tidegate.filter.Compilation;
import io.tidegate.filter.Filter;
import io.tidegate.outbox.Destination.Disabled;
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
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Destinations as a kind of registry. A deletion is for ever, and an id is never used twice: what
/// is still owed to a deleted destination must not reach another one of its name.
///
///     (unknown) --create--> enabled --update--> enabled --delete--> deleted
///                           enabled <--enable, disable--> disabled --delete--> deleted
///
///     {"kind":"destination","action":"create","destination_id":"tenant/des_1","destination":{…}}
///     {…,"action":"update","patch":{…merge patch…},"rotate":"sealed:…"}
///     {…,"action":"disable","reason":"…"}   {…,"action":"enable","backlog":"deliver"} or "drop"
public final class DestinationKind implements Kind<Destination> {
  public static final String NAME = "destination";
  public static final String TOPIC = "tidegate.destinations";

  /// How long the secret before is still good after a rotation.
  public static final Duration OVERLAP = Duration.ofDays(1);

  /// By how much the clocks of those who say when something was disabled may be ahead.
  private static final Duration SKEW = Duration.ofMinutes(1);

  private static final int LONGEST_REASON = 512;

  private final DestinationTypes types;
  private final TopicPolicy topics;
  private final DestinationSecrets secrets;

  public DestinationKind(DestinationTypes types, TopicPolicy topics, SealingKey key) {
    this.types = types;
    this.topics = topics;
    this.secrets = new DestinationSecrets(key);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String topic() {
    return TOPIC;
  }

  @Override
  public String idField() {
    return "destination_id";
  }

  @Override
  public Judgement<Destination> judge(
      Optional<Destination> present, Command command, long version) {
    if (command.action().equals("create")) {
      return present.isEmpty()
          ? created(command)
          : Rejected.of("exists", "there is, or was, a destination of that id");
    }
    if (present.isEmpty() || present.get().isDeleted()) {
      return Rejected.of("unknown", "there is no destination of that id");
    }
    var before = present.get();
    return switch (command.action()) {
      case "update" -> updated(before, command);
      case "enable" -> new Accepted<>(enabled(before, command, version));
      case "disable" ->
          new Accepted<>(
              with(before, before.disabled().or(() -> disabled(command)), before.owedFrom()));
      case "delete" -> new Accepted<>(deleted(before, command.at()));
      default ->
          Rejected.of("unknown_action", "create, update, enable, disable or delete was expected");
    };
  }

  /// What matched an earlier version is let go when the command says so.
  private static Destination enabled(Destination before, Command command, long version) {
    var drops = Words.text(command.body().get("backlog")).equals("drop");
    return with(before, Optional.empty(), drops ? version : before.owedFrom());
  }

  private static Optional<Disabled> disabled(Command command) {
    var reason = Words.text(command.body().get("reason"));
    return Optional.of(
        new Disabled(command.at(), reason.substring(0, Math.min(reason.length(), LONGEST_REASON))));
  }

  private Judgement<Destination> created(Command command) {
    var document =
        command.body().get("destination") instanceof ObjectNode given
            ? given.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    document.remove(List.of("deleted", "owed_from"));
    var faults = new ArrayList<Fault>();
    var destination = DestinationForm.read(document, faults);
    checkTime(destination, command, faults);
    if (faults.isEmpty() && !destination.key().equals(command.id())) {
      faults.add(new Fault("/id", "tenant and id of the destination were expected in its key"));
    }
    checkTopics(destination, faults);
    return judged(destination, faults);
  }

  private Judgement<Destination> updated(Destination before, Command command) {
    var faults = new ArrayList<Fault>();
    var document = DestinationForm.write(before);
    if (command.body().get("patch") instanceof ObjectNode patch) {
      for (var name : List.of("tenant", "id", "life", "owed_from", "deleted")) {
        patch.remove(name);
      }
      if (patch.has("type") && !Words.text(patch.get("type")).equals(before.type())) {
        faults.add(new Fault("/type", "cannot be updated"));
      }
      document = (ObjectNode) Words.merged(document, patch);
    }
    rotate(before, command, document, faults);
    var destination = DestinationForm.read(document, faults);
    checkTime(destination, command, faults);
    if (!destination.topics().equals(before.topics())) {
      checkTopics(destination, faults);
    }
    return judged(destination, faults);
  }

  private void rotate(
      Destination before, Command command, ObjectNode document, List<Fault> faults) {
    var credentials = document.withObject("credentials");
    var fresh = Words.text(command.body().get("rotate"));
    var name = types.find(before.type()).flatMap(DestinationType::rotating);
    if (name.isEmpty()) {
      if (!fresh.isEmpty()) {
        faults.add(new Fault("/credentials", "nothing of this type can be rotated"));
      }
      return;
    }
    var previous = "previous_" + name.get();
    var end = previous + "_invalid_at";
    if (!fresh.isEmpty()) {
      var asked = Words.text(command.body().get("previous_until"));
      credentials.put(previous, before.credentials().getOrDefault(name.get(), ""));
      credentials.put(end, asked.isEmpty() ? command.at().plus(OVERLAP).toString() : asked);
      credentials.put(name.get(), fresh);
    } else if (isOver(Words.text(credentials.get(end)), command.at())) {
      credentials.remove(List.of(previous, end));
    }
  }

  private static boolean isOver(String end, Instant now) {
    return WebhookType.moment(end).map(at -> !at.isAfter(now)).orElse(false);
  }

  private static void checkTime(Destination destination, Command command, List<Fault> faults) {
    var latest = command.at().plus(SKEW);
    if (destination.disabled().filter(each -> each.at().isAfter(latest)).isPresent()) {
      faults.add(new Fault("/disabled_at", "must not be in the future"));
    }
  }

  private void checkTopics(Destination destination, List<Fault> faults) {
    destination.topics().patterns().stream()
        .filter(pattern -> !topics.isSubscribable(pattern))
        .forEach(_ -> faults.add(new Fault("/topics", "there is no such topic")));
  }

  private Judgement<Destination> judged(Destination destination, List<Fault> faults) {
    var type = types.find(destination.type());
    if (type.isEmpty()) {
      var known = types.all().stream().map(DestinationType::name).sorted().toList();
      faults.add(new Fault("/type", "one of " + known + " was expected"));
      return new Rejected<>("invalid", faults);
    }
    for (var each : destination.credentials().entrySet()) {
      if (type.get().isSecret(each.getKey()) && !SealingKey.isSealed(each.getValue())) {
        faults.add(
            new Fault(
                "/credentials/" + each.getKey(),
                "a sealed secret was expected, see `tidegate seal`"));
        return new Rejected<>("invalid", faults);
      }
    }
    destination.filter().ifPresent(text -> faults.addAll(filterFaults(text)));
    destination
        .deliveryMetadata()
        .ifPresent(words -> faults.addAll(TextTemplate.faults(words, "/delivery_metadata")));
    try {
      faults.addAll(
          type.get()
              .faults(
                  secrets.open(type.get(), destination.config()),
                  secrets.open(destination.credentials())));
    } catch (SealingKey.Unopened failed) {
      return new Rejected<>("unopened", List.of(new Fault("/credentials", failed.why())));
    }
    return faults.isEmpty() ? new Accepted<>(destination) : new Rejected<>("invalid", faults);
  }

  private static List<Fault> filterFaults(String text) {
    return switch (Filter.compile(text)) {
      case Compilation.Compiled _ -> List.of();
      case Compilation.Refused(var found) ->
          found.stream()
              .map(each ->
                  new Fault(
                      "/filter" + each.pointer(),
                      "must be " + each.expected() + ", not " + each.found()))
              .toList();
    };
  }

  private static Destination with(Destination before, Optional<Disabled> disabled, long owedFrom) {
    return new Destination(
        before.tenant(),
        before.id(),
        before.life(),
        before.type(),
        before.topics(),
        before.filter(),
        before.config(),
        before.credentials(),
        before.deliveryMetadata(),
        before.metadata(),
        disabled,
        owedFrom,
        Optional.empty());
  }

  /// Its place, and nothing that was in it.
  private static Destination deleted(Destination before, Instant at) {
    return new Destination(
        before.tenant(),
        before.id(),
        before.life(),
        before.type(),
        before.topics(),
        Optional.empty(),
        Map.of(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.of(at));
  }

  @Override
  public ObjectNode write(Destination value) {
    return DestinationForm.write(value);
  }

  @Override
  public Destination read(String id, long version, ObjectNode written) {
    var faults = new ArrayList<Fault>();
    var destination = DestinationForm.read(written, faults);
    if (!faults.isEmpty() || !destination.key().equals(id)) {
      throw new IllegalArgumentException("not a destination");
    }
    return destination;
  }
}
