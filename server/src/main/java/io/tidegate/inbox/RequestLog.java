package io.tidegate.inbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// The last requests of each endpoint, on this instance, since it was started. Bounded in number
/// and bytes: a few for each endpoint, and when all together are too heavy, those of the endpoints
/// that were let be longest go first.
///
/// Any thread; writing takes no lock.
public final class RequestLog {
  /// For each endpoint.
  public static final int MOST = 50;

  /// Larger bodies are not kept, and their requests cannot be replayed.
  public static final int LARGEST_BODY = 64 << 10;

  private final long heaviest;
  private final ConcurrentHashMap<String, Ring> rings = new ConcurrentHashMap<>();
  private final Queue<Ring> clock = new ConcurrentLinkedQueue<>();
  private final AtomicLong weight = new AtomicLong();
  private final AtomicBoolean sweeping = new AtomicBoolean();

  /// @param heaviest bytes of all together
  RequestLog(long heaviest) {
    this.heaviest = heaviest;
  }

  private static final class Ring {
    private final String endpoint;
    private final AtomicReferenceArray<LoggedRequest> slots = new AtomicReferenceArray<>(MOST);
    private final AtomicInteger next = new AtomicInteger();
    private volatile boolean used;

    Ring(String endpoint) {
      this.endpoint = endpoint;
    }

    /// How much heavier it has become.
    long add(LoggedRequest request) {
      used = true;
      var slot = Math.floorMod(next.getAndIncrement(), MOST);
      var before = slots.getAndSet(slot, request);
      return request.weight() - (before == null ? 0 : before.weight());
    }

    long clear() {
      long weight = 0;
      for (int i = 0; i < MOST; i++) {
        var before = slots.getAndSet(i, null);
        weight += before == null ? 0 : before.weight();
      }
      return weight;
    }
  }

  void add(LoggedRequest request) {
    var ring = rings.get(request.endpoint());
    if (ring == null) {
      var fresh = new Ring(request.endpoint());
      ring = rings.putIfAbsent(request.endpoint(), fresh);
      if (ring == null) {
        ring = fresh;
        clock.add(fresh);
      }
    }
    if (weight.addAndGet(ring.add(request)) > heaviest) {
      sweep();
    }
    if (rings.get(request.endpoint()) != ring) {
      weight.addAndGet(-ring.clear()); // it was swept away meanwhile
    }
  }

  /// One thread at a time; the others go on.
  private void sweep() {
    if (sweeping.compareAndSet(false, true)) {
      try {
        while (weight.get() > heaviest) {
          var oldest = clock.poll();
          if (oldest == null) {
            return;
          }
          if (oldest.used) {
            oldest.used = false; // a second chance
            clock.add(oldest);
            continue;
          }
          rings.remove(oldest.endpoint, oldest);
          weight.addAndGet(-oldest.clear());
        }
      } finally {
        sweeping.set(false);
      }
    }
  }

  /// Newest first.
  public List<LoggedRequest> list(String endpoint) {
    var ring = rings.get(endpoint);
    var found = new ArrayList<LoggedRequest>();
    if (ring != null) {
      var last = ring.next.get();
      for (int i = 1; i <= MOST; i++) {
        var request = ring.slots.get(Math.floorMod(last - i, MOST));
        if (request != null) {
          found.add(request);
        }
      }
    }
    return found;
  }

  public Optional<LoggedRequest> find(String endpoint, String id) {
    return list(endpoint).stream().filter(request -> request.id().equals(id)).findFirst();
  }

  long weight() {
    return weight.get();
  }
}
