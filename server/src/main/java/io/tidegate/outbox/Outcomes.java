package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Entry;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.LogUnavailable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stores what came of deliveries, and waits until it is stored. Any thread, virtual ones at best.
record Outcomes(RecordLog log) {
  private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);
  private static final Duration LIMIT = Duration.ofSeconds(15);

  /// @throws LogUnavailable when it cannot be stored now; it is to be told again
  void tell(DeliveryOutcome outcome) {
    var entry = outcome.entry();
    switch (append(entry)) {
      case Appended.At _ -> {}
      case Appended.Refused(var reason, var cause) -> {
        if (reason != Appended.Reason.TOO_LARGE) {
          throw unavailable(cause);
        }
        withoutContents(entry);
      }
      case Appended.Unavailable(var _, var cause) -> throw unavailable(cause);
      case Appended.Unknown(var cause) -> throw unavailable(cause);
    }
  }

  /// A topic that takes less than what is kept of a reply.
  private void withoutContents(Entry entry) {
    var less = new Entry(entry.topic(), entry.key(), entry.headers(), Bytes.utf8("{}"));
    switch (append(less)) {
      case Appended.At _ -> {}
      case Appended.Refused(var reason, var cause) when reason == Appended.Reason.TOO_LARGE ->
          LOG.atWarn()
              .addKeyValue("destination", entry.key() == null ? "" : entry.key().utf8())
              .log("what came of a delivery is kept nowhere, it is too large: {}", cause);
      case Appended.Refused _, Appended.Unavailable _, Appended.Unknown _ ->
          throw unavailable("not even without what the receiver said");
    }
  }

  private Appended append(Entry entry) {
    var appended = new CompletableFuture<Appended>();
    log.append(entry, Acks.IN_SYNC_REPLICAS, appended::complete);
    return appended
        .completeOnTimeout(
            new Appended.Unknown("no answer in time"), LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  private static LogUnavailable unavailable(String cause) {
    return new LogUnavailable(
        "nothing can be stored in topic " + DeliveryOutcome.TOPIC + " now: " + cause,
        new IllegalStateException(cause));
  }
}
