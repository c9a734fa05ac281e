package io.tidegate.outbox;

import io.tidegate.log.RecordLog;
import io.tidegate.registry.Registry;
import io.tidegate.registry.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Tenants and destinations as this instance knows them, found by tenant and topic without looking
/// at those of others. Any thread, never blocks.
public final class Directory {
  private static final Comparator<Snapshot<Destination>> BY_AGE =
      Comparator.comparing(Snapshot<Destination>::created)
          .thenComparing(snapshot -> snapshot.value().id());

  private final Map<String, Set<String>> byTenant = new ConcurrentHashMap<>();
  private final Map<Interest, Set<String>> byInterest = new ConcurrentHashMap<>();

  /// Patterns with something besides a star, by tenant.
  private final Map<String, Set<String>> patterns = new ConcurrentHashMap<>();

  private final List<Registry.Watcher<Destination>> watchers = new CopyOnWriteArrayList<>();
  private final Registry<Tenant> tenants;
  private final Registry<Destination> destinations;

  private record Interest(String tenant, String pattern) {}

  /// @param join adds the kinds to their registries
  Directory(Registries join) {
    this.tenants = join.tenants();
    this.destinations = join.destinations(this::changed);
  }

  /// Where the two registries come from.
  interface Registries {
    Registry<Tenant> tenants();

    Registry<Destination> destinations(Registry.Watcher<Destination> watcher);
  }

  /// Tells of every change from now on, on a thread that must not be held up.
  void watch(Registry.Watcher<Destination> watcher) {
    watchers.add(watcher);
  }

  private void changed(Optional<Snapshot<Destination>> before, Snapshot<Destination> now) {
    index(before, now);
    watchers.forEach(each -> each.changed(before, now));
  }

  private void index(Optional<Snapshot<Destination>> before, Snapshot<Destination> now) {
    var old = before.map(Snapshot::value).filter(value -> !value.isDeleted());
    var value = now.value();
    if (value.isDeleted()) {
      old.ifPresent(this::forget);
      drop(byTenant, value.tenant(), value.key());
      return;
    }
    var key = now.id(); // the same text in every index: there are many
    add(byTenant, value.tenant(), key);
    for (var pattern : value.topics().patterns()) {
      add(byInterest, new Interest(value.tenant(), pattern), key);
      if (isPattern(pattern)) {
        add(patterns, value.tenant(), pattern);
      }
    }
    old.ifPresent(each ->
        each.topics().patterns().stream()
            .filter(pattern -> !value.topics().patterns().contains(pattern))
            .forEach(pattern -> drop(each, pattern)));
  }

  private void forget(Destination old) {
    old.topics().patterns().forEach(pattern -> drop(old, pattern));
  }

  private void drop(Destination old, String pattern) {
    drop(byInterest, new Interest(old.tenant(), pattern), old.key());
    if (isPattern(pattern) && !byInterest.containsKey(new Interest(old.tenant(), pattern))) {
      drop(patterns, old.tenant(), pattern);
    }
  }

  private static boolean isPattern(String pattern) {
    return pattern.length() > 1 && pattern.indexOf('*') >= 0;
  }

  private static <K> void add(Map<K, Set<String>> index, K key, String value) {
    index.computeIfAbsent(key, _ -> ConcurrentHashMap.newKeySet(1)).add(value);
  }

  private static <K> void drop(Map<K, Set<String>> index, K key, String value) {
    index.computeIfPresent(
        key,
        (_, values) -> {
          values.remove(value);
          return values.isEmpty() ? null : values;
        });
  }

  /// The tenant, unless it was deleted.
  public Optional<Snapshot<Tenant>> tenant(String id) {
    return tenants.find(id).filter(tenant -> !tenant.value().isDeleted());
  }

  /// All that were not deleted.
  public List<Snapshot<Tenant>> tenants() {
    return tenants.all().stream().filter(tenant -> !tenant.value().isDeleted()).toList();
  }

  /// The destination, unless it or its tenant was deleted.
  public Optional<Snapshot<Destination>> destination(String tenant, String id) {
    return byKey(Ids.key(tenant, id));
  }

  Optional<Snapshot<Destination>> byKey(String key) {
    return destinations.find(key).filter(this::isLive);
  }

  /// True when everything that lay in the topics at the start has been read.
  public boolean isReplayed() {
    return tenants.isReplayed() && destinations.isReplayed();
  }

  /// True when a destination is known to be deleted, by itself or with its tenant. Not for one of
  /// which nothing is known here yet.
  boolean isGone(String key) {
    var found = destinations.find(key).map(Snapshot::value);
    if (found.isEmpty()) {
      return false;
    }
    var tenant = tenants.find(found.get().tenant()).map(Snapshot::value);
    return found.get().isDeleted()
        || tenant
            .map(it ->
                it.life() > found.get().life()
                    || (it.isDeleted() && it.life() == found.get().life()))
            .orElse(false);
  }

  /// How far this instance has read, for others to read as far.
  String position() {
    return tenants.offset() + "/" + destinations.offset();
  }

  /// Waits until this instance has read as far as another one had. A topic that was made anew is
  /// not waited for longer than `limit`.
  ///
  /// @return false when it was not reached
  boolean awaitPosition(String position, Duration limit) {
    return Position.read(position)
        .map(at ->
            tenants.awaitOffset(at.tenants, limit)
                && destinations.awaitOffset(at.destinations, limit))
        .orElse(true);
  }

  /// Whether the log has that much, so that this instance will get there.
  ///
  /// @throws RecordLog.LogUnavailable when the cluster does not say
  static boolean isReachable(String position, RecordLog log, Duration limit) {
    return Position.read(position)
        .map(at ->
            at.tenants <= end(log, TenantKind.TOPIC, limit)
                && at.destinations <= end(log, DestinationKind.TOPIC, limit))
        .orElse(true);
  }

  private static long end(RecordLog log, String topic, Duration limit) {
    return log.describe(topic, limit).map(found -> found.endOffsets().get(0)).orElse(0L);
  }

  /// How far an instance has read, in both topics.
  private record Position(long tenants, long destinations) {

    /// Nothing when it is none of ours.
    static Optional<Position> read(String text) {
      int slash = text.indexOf('/');
      try {
        return slash < 0
            ? Optional.empty()
            : Optional.of(
                new Position(
                    Long.parseLong(text.substring(0, slash)),
                    Long.parseLong(text.substring(slash + 1))));
      } catch (NumberFormatException somebodyElses) {
        return Optional.empty();
      }
    }
  }

  private boolean isLive(Snapshot<Destination> destination) {
    var value = destination.value();
    return !value.isDeleted()
        && tenant(value.tenant())
            .map(tenant -> tenant.value().life() == value.life())
            .orElse(false);
  }

  /// How many a tenant has.
  public int count(String tenant) {
    return byTenant.getOrDefault(tenant, Set.of()).size();
  }

  /// Those of a tenant, oldest first.
  public List<Snapshot<Destination>> destinations(String tenant) {
    return byTenant.getOrDefault(tenant, Set.of()).stream()
        .flatMap(key -> byKey(key).stream())
        .sorted(BY_AGE)
        .toList();
  }

  /// The topics that a tenant's destinations want.
  public List<String> topics(String tenant) {
    var topics = new TreeSet<String>();
    destinations(tenant).forEach(each -> topics.addAll(each.value().topics().patterns()));
    return List.copyOf(topics);
  }

  /// The destinations that are to get an event, in the order of their keys, which is the same for
  /// whoever asks.
  public List<Snapshot<Destination>> matching(Event event) {
    var keys = new TreeSet<String>();
    if (event.destination().isPresent()) {
      keys.add(Ids.key(event.tenant(), event.destination().get()));
    } else {
      keys.addAll(interested(event.tenant(), "*"));
      if (!event.topic().isEmpty()) {
        keys.addAll(interested(event.tenant(), event.topic()));
      }
      for (var pattern : patterns.getOrDefault(event.tenant(), Set.of())) {
        if (Subscription.matches(pattern, event.topic())) {
          keys.addAll(interested(event.tenant(), pattern));
        }
      }
    }
    var found = new ArrayList<Snapshot<Destination>>(keys.size());
    for (var key : keys) {
      byKey(key)
          .filter(each -> each.value().isEnabled())
          .filter(each -> each.value().topics().matches(event.topic()))
          .ifPresent(found::add);
    }
    return found;
  }

  private Set<String> interested(String tenant, String pattern) {
    return byInterest.getOrDefault(new Interest(tenant, pattern), Set.of());
  }
}
