package io.tidegate.outbox;

import io.tidegate.base.Time;
import io.tidegate.delivery.Attempt;
import io.tidegate.registry.Judgement.Fault;
import io.tidegate.registry.SealingKey;
import io.tidegate.registry.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Attempts that somebody asks for and waits for: a test event to a destination, beside its lane
/// and whether it is enabled or not; and the question whether events could be delivered to what is
/// not stored yet. Few at a time, and few for one tenant. Any thread; waits as long as an attempt
/// may take.
public final class Trials {
  /// For one tenant, in `WINDOW`.
  static final int MOST_OF_ONE = 10;

  static final Duration WINDOW = Duration.ofSeconds(10);
  private static final int MOST_AT_ONCE = 16;
  private static final int MOST_TENANTS = 10_000;

  private final DestinationTypes types;
  private final DestinationSecrets secrets;
  private final Supply carrier;
  private final Time time;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);
  private final Map<String, Window> windows =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
          return size() > MOST_TENANTS;
        }
      };

  private record Window(Instant since, int used) {}

  /// Who makes attempts, while that is done here.
  interface Supply {
    Optional<Carrier> now();
  }

  Trials(DestinationTypes types, SealingKey key, Supply carrier, Time time) {
    this.types = types;
    this.secrets = new DestinationSecrets(key);
    this.carrier = carrier;
    this.time = time;
  }

  /// What came of it.
  public sealed interface Trial {
    record Made(Attempt attempt) implements Trial {}

    /// Too many lately.
    record TooMany(Duration pause) implements Trial {}

    /// No deliveries are made here at the moment.
    record NotNow() implements Trial {}

    /// There was nothing to try: what is wrong will be said by who stores it.
    record Nothing() implements Trial {}
  }

  /// Sends an event that is kept nowhere.
  public Trial send(Snapshot<Destination> destination, Event event) {
    var value = destination.value();
    var id = Delivery.id(event.tenant(), event.id(), value.id());
    return attempt(value.tenant(), each -> each.carry(destination, id, event, event.data()));
  }

  /// Asks at the place where events would go whether they could.
  ///
  /// @param body of the request to create, or to change `present`
  public Trial check(String tenant, ObjectNode body, Optional<Destination> present) {
    var name = present.map(Destination::type).orElse(Words.text(body.get("type")));
    var type = types.find(name);
    if (type.isEmpty()) {
      return new Trial.Nothing();
    }
    var sealed = new SealedConfig(type.get(), secrets);
    var before = present.map(sealed::opened);
    var config =
        merged(before, body.get("config"))
            .map(given -> sealed.unmasked(given, before.orElse(Map.of())));
    var credentials = merged(present.map(this::opened), unmasked(body.get("credentials")));
    if (config.isEmpty() || credentials.isEmpty()) {
      return new Trial.Nothing();
    }
    var complete = new LinkedHashMap<>(credentials.get());
    type.get().fresh().forEach((key, secret) -> complete.putIfAbsent(key, secret.reveal()));
    return type.get().faults(config.get(), complete).isEmpty()
        ? attempt(tenant, each -> each.check(type.get(), config.get(), complete))
        : new Trial.Nothing();
  }

  private Map<String, String> opened(Destination destination) {
    try {
      return secrets.open(destination.credentials());
    } catch (SealingKey.Unopened _) {
      return Map.of();
    }
  }

  /// What was shown as `****` is sent back as that.
  private static @Nullable JsonNode unmasked(@Nullable JsonNode given) {
    if (!(given instanceof ObjectNode credentials)) {
      return given;
    }
    var clear = credentials.deepCopy();
    clear.remove("rotate_secret");
    clear.removeIf(value -> value.isString() && value.asString().endsWith("****"));
    return clear;
  }

  private static Optional<Map<String, String>> merged(
      Optional<Map<String, String>> present, @Nullable JsonNode given) {
    var before = Words.write(present.orElse(Map.of()));
    var faults = new ArrayList<Fault>();
    var after = given == null || given.isNull() ? before : Words.merged(before, texts(given));
    var words = Words.read(after, "", faults);
    return faults.isEmpty() ? words : Optional.empty();
  }

  /// Forms send objects where texts are kept.
  private static JsonNode texts(JsonNode given) {
    if (!(given instanceof ObjectNode object)) {
      return given;
    }
    var texts = object.deepCopy();
    object
        .properties()
        .forEach(each -> {
          if (each.getValue().isContainer()) {
            texts.put(each.getKey(), each.getValue().toString());
          }
        });
    return texts;
  }

  private Trial attempt(String tenant, Function<Carrier, Attempt> work) {
    var present = carrier.now();
    if (present.isEmpty()) {
      return new Trial.NotNow();
    }
    var wait = wait(tenant);
    if (wait.isPresent() || !places.tryAcquire()) {
      return new Trial.TooMany(wait.orElse(Duration.ofSeconds(1)));
    }
    try {
      return new Trial.Made(work.apply(present.get()));
    } finally {
      places.release();
    }
  }

  private Optional<Duration> wait(String tenant) {
    var now = time.now();
    synchronized (windows) {
      var window = windows.get(tenant);
      if (window == null || !now.isBefore(window.since().plus(WINDOW))) {
        windows.put(tenant, new Window(now, 1));
        return Optional.empty();
      }
      if (window.used() >= MOST_OF_ONE) {
        return Optional.of(Duration.between(now, window.since().plus(WINDOW)));
      }
      windows.put(tenant, new Window(window.since(), window.used() + 1));
      return Optional.empty();
    }
  }
}
