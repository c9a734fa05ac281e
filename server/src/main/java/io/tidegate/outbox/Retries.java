package io.tidegate.outbox;

import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Entry;
import io.tidegate.log.RecordLog;
import io.tidegate.registry.Snapshot;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Brings an event to a destination once more because somebody asks for it: one attempt, beside
/// whatever goes by itself, to the destination as it is then. Waits; for virtual threads.
public final class Retries {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final RecordLog log;
  private final Matcher matcher;

  Retries(RecordLog log, Matcher matcher) {
    this.log = log;
    this.matcher = matcher;
  }

  /// What became of the wish.
  public sealed interface Retried {
    /// It is stored that this is to be done.
    record Accepted() implements Retried {}

    /// Nothing is to be done.
    ///
    /// @param reason `disabled`, or `unmatched` when the destination does not want such an event
    record Refused(Reason reason) implements Retried {}

    record Unavailable(String cause) implements Retried {}

    enum Reason {
      DISABLED,
      UNMATCHED
    }
  }

  public Retried retry(EventCopy copy, Snapshot<Destination> destination, Delivery.Manual manual) {
    if (!destination.value().isEnabled()) {
      return new Retried.Refused(Retried.Reason.DISABLED);
    }
    if (!matcher.wants(destination.value(), copy.event())) {
      return new Retried.Refused(Retried.Reason.UNMATCHED);
    }
    var entry =
        Delivery.entry(copy.source(), copy.told(), copy.event(), destination, Optional.of(manual));
    return switch (append(entry)) {
      case Appended.At _ -> new Retried.Accepted();
      case Appended.Refused(var _, var cause) -> new Retried.Unavailable(cause);
      case Appended.Unavailable(var _, var cause) -> new Retried.Unavailable(cause);
      case Appended.Unknown(var cause) -> new Retried.Unavailable(cause);
    };
  }

  /// With less of the event when the topic does not take it whole.
  private Appended append(Entry entry) {
    var appended = new CompletableFuture<Appended>();
    log.append(entry, Acks.IN_SYNC_REPLICAS, appended::complete);
    var answer =
        appended
            .completeOnTimeout(
                new Appended.Unknown("no answer in time"), LIMIT.toMillis(), TimeUnit.MILLISECONDS)
            .join();
    var less =
        answer instanceof Appended.Refused(var reason, var _) && reason == Appended.Reason.TOO_LARGE
            ? Delivery.smaller(entry)
            : Optional.<Entry>empty();
    return less.map(this::append).orElse(answer);
  }
}
