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

  private final ConcurrentHashMap<String, Reception> ready = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Origin> origins = new ConcurrentHashMap<>();
  private final Time time;

  /// What the endpoint of a named topic was made from.
  private record Origin(Object from, Reception reception) {}

  Receptions(Time time) {
    this.time = time;
  }

  Reception of(Endpoint endpoint) {
    var present = ready.get(endpoint.id());
    if (present != null && present.endpoint() == endpoint) {
      return present;
    }
    makeRoom(ready);
    var fresh = new Reception(endpoint, Way.SECRET, present, time);
    ready.put(endpoint.id(), fresh);
    return fresh;
  }

  /// That of a named topic; made again when it was made from something else than `from`.
  Reception named(String topic, Object from, Supplier<Endpoint> endpoint) {
    var present = origins.get(topic);
    if (present != null && present.from == from) {
      return present.reception;
    }
    makeRoom(origins);
    var before = present == null ? null : present.reception;
    var fresh = new Reception(endpoint.get(), Way.NAMED, before, time);
    origins.put(topic, new Origin(from, fresh));
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
