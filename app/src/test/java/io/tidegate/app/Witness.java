package io.tidegate.app;

import io.tidegate.app.DeliveryHistory.Cut;
import io.tidegate.app.DeliveryHistory.Item;
import io.tidegate.app.DeliveryHistory.Reply;
import io.tidegate.app.DeliveryHistory.Try;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Writes down what happens to deliveries, on one clock. Any thread may tell it.
final class Witness {
  private final long began = System.nanoTime();
  private final Instant start = Instant.now();
  private final List<Item> produced = new ArrayList<>();
  private final List<Arrival> arrivals = new ArrayList<>();
  private final Set<Item> accepted = new HashSet<>();
  private final List<Cut> cuts = new ArrayList<>();

  /// A request that was read; one answer at most.
  final class Arrival {
    private final Item item;
    private final String id;
    private final Duration at;
    private int status;
    private Duration answered;

    private Arrival(Item item, String id) {
      this.item = item;
      this.id = id;
      this.at = now();
      this.answered = at;
    }

    /// To be called before the first byte of the answer is written.
    void answers(int status) {
      synchronized (Witness.this) {
        this.status = status;
        this.answered = now();
        if (seen().isAccepted()) {
          accepted.add(item);
        }
      }
    }

    private Try seen() {
      return new Try(item, id, at, status, answered);
    }
  }

  Duration now() {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /// The same for what other clocks have said.
  Duration sinceStart(Instant time) {
    return Duration.between(start, time);
  }

  synchronized void produced(Item item) {
    produced.add(item);
  }

  synchronized Arrival arrived(Item item, String id) {
    var arrival = new Arrival(item, id);
    arrivals.add(arrival);
    return arrival;
  }

  /// Something that began now and lasts about that long.
  synchronized void cut(String what, Duration length) {
    cuts.add(new Cut(what, now(), now().plus(length)));
  }

  /// A process stood still since then, and goes on now.
  synchronized void froze(String what, Duration since) {
    cuts.add(new Cut(what, since, now(), true));
  }

  synchronized int produced() {
    return produced.size();
  }

  /// Different records that some receiver has accepted.
  synchronized int accepted() {
    return accepted.size();
  }

  synchronized DeliveryHistory history(List<Reply> replies) {
    return new DeliveryHistory(
        List.copyOf(produced),
        arrivals.stream().map(Arrival::seen).toList(),
        replies,
        List.copyOf(cuts));
  }
}
