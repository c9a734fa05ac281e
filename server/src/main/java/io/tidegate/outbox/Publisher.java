package io.tidegate.outbox;

import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.RecordLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes events: stores each before it is acknowledged, and knows one that it has been given
/// before, by whichever instance. Any thread; nothing here waits.
///
/// An event with an id of its publisher's is stored first and judged then, by where it lies in its
/// partition, so that of two that come at once exactly one is new.
public final class Publisher {
  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final RecordLog log;
  private final EventIds ids;
  private final Directory directory;
  private final Matcher matcher;

  Publisher(RecordLog log, EventIds ids, Directory directory) {
    this.log = log;
    this.ids = ids;
    this.directory = directory;
    this.matcher = new Matcher(directory);
  }

  /// How a publication ended.
  public sealed interface Published {

    /// It is stored.
    ///
    /// @param duplicate it was before, and nothing follows from this time
    /// @param destinations those that match it now
    record Stored(boolean duplicate, List<String> destinations) implements Published {}

    /// It will never be taken as it is.
    record TooLarge() implements Published {}

    /// It is not stored, or nobody knows; with an id, sending it again is safe.
    record Unavailable(String cause) implements Published {}
  }

  /// Never fails; complete within seconds, whatever happens to the cluster. What depends on it runs
  /// on a thread that must not be held up. First it looks at the destinations of the tenant, which
  /// takes as long as they are many.
  public CompletableFuture<Published> publish(Event event) {
    var destinations = matching(event);
    if (event.named() && ids.knows(event.tenant(), event.id())) {
      return CompletableFuture.completedFuture(new Published.Stored(true, destinations));
    }
    var appended = new CompletableFuture<Appended>();
    log.append(
        EventForm.write(event, directory.position()), Acks.IN_SYNC_REPLICAS, appended::complete);
    return appended
        .thenCompose(answer -> judged(event, answer, destinations))
        .thenApply(published -> reported(event, published));
  }

  private CompletableFuture<Published> judged(
      Event event, Appended answer, List<String> destinations) {
    if (answer instanceof Appended.At at && event.named() && at.offset() >= 0) {
      var late = new Published.Unavailable("it is stored, and not known to be new yet");
      return ids.isRepeated(at.partition(), at.offset())
          .<Published>thenApply(duplicate -> new Published.Stored(duplicate, destinations))
          .completeOnTimeout(late, LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }
    return CompletableFuture.completedFuture(
        switch (answer) {
          // In rare cases, after a retry, the log does not say where the record lies: then its
          // sender is asked to try again, and hears that it is a duplicate.
          case Appended.At _ when event.named() ->
              new Published.Unavailable("it is stored, and it is not known where");
          case Appended.At _ -> new Published.Stored(false, destinations);
          case Appended.Refused(var reason, var _) when reason == Appended.Reason.TOO_LARGE ->
              new Published.TooLarge();
          case Appended.Refused(var _, var cause) -> new Published.Unavailable(cause);
          case Appended.Unavailable(var _, var cause) -> new Published.Unavailable(cause);
          case Appended.Unknown(var cause) -> new Published.Unavailable(cause);
        });
  }

  private static Published reported(Event event, Published published) {
    if (published instanceof Published.Unavailable(var cause)) {
      LOG.atInfo().addKeyValue("event", event.id()).log("an event cannot be taken: {}", cause);
    }
    return published;
  }

  /// Who would get an event now, and who would not and why; of the tenant's oldest destinations.
  public List<Prospect> prospects(Event event, int most) {
    return matcher.prospects(event, most);
  }

  private List<String> matching(Event event) {
    return matcher.matching(event).stream().map(each -> each.value().id()).toList();
  }
}
