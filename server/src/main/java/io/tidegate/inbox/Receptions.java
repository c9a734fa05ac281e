package io.tidegate.inbox;

import io.tidegate.base.Time;
import io.tidegate.inbox.Reception.Way;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The receptions of endpoints that are in use. Any thread; a hit is one look-up.
@SuppressWarnings("ReferenceEquality") // the same object is looked up again and again
final class Receptions {
  /// More are made anew when they are needed again.
  private static final int MOST = 20_000;

  private final ConcurrentHashMap<String, Ready> secret = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Ready> named = new ConcurrentHashMap<>();
  private final Time time;

  /// A reception, and what it was made from: an endpoint, or the terms of named topics.
  private record Ready(Object from, WebhookConfig config, Reception reception) {
    boolean isOf(Object wanted, WebhookConfig inForce) {
      return from == wanted && config == inForce;
    }
  }

  Receptions(Time time) {
    this.time = time;
  }

  Reception of(Endpoint endpoint, WebhookConfig config) {
    return find(secret, endpoint.id(), endpoint, config, Way.SECRET, () -> endpoint);
  }

  /// That of a named topic; made again when it was made from something else than `from`.
  Reception named(String topic, Object from, WebhookConfig config, Supplier<Endpoint> endpoint) {
    return find(named, topic, from, config, Way.NAMED, endpoint);
  }

  private Reception find(
      ConcurrentHashMap<String, Ready> map,
      String key,
      Object from,
      WebhookConfig config,
      Way way,
      Supplier<Endpoint> endpoint) {
    var present = map.get(key);
    if (present != null && present.isOf(from, config)) {
      return present.reception;
    }
    makeRoom(map);
    var before = present == null ? null : present.reception;
    var fresh = new Reception(endpoint.get(), config, way, before, time);
    map.put(key, new Ready(from, config, fresh));
    return fresh;
  }

  private static void makeRoom(ConcurrentHashMap<String, ?> map) {
    if (map.size() >= MOST) {
      var some = map.keySet().iterator();
      for (int i = 0; i < MOST / 16 && some.hasNext(); i++) {
        some.next();
        some.remove();
      }
    }
  }
}
