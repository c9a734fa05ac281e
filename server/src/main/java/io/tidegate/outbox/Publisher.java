package io.tidegate.outbox;

import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.RecordLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes events: stores each before it is acknowledged, and knows one that it has been given
/// before, by whichever instance. Waits; for virtual threads.
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

  public Published publish(Event event) {
    var published = attempt(event);
    if (published instanceof Published.Unavailable(var cause)) {
      LOG.atInfo().addKeyValue("event", event.id()).log("an event cannot be taken: {}", cause);
    }
    return published;
  }

  /// Publishes several, stored in this order and waited for together.
  public List<Published> publish(List<Event> events) {
    var under = new ArrayList<Optional<CompletableFuture<Appended>>>(events.size());
    events.forEach(event -> under.add(append(event)));
    var answers = new ArrayList<Published>(events.size());
    for (int i = 0; i < under.size(); i++) {
      answers.add(judged(events.get(i), under.get(i)));
    }
    return answers;
  }

  private Published attempt(Event event) {
    return judged(event, append(event));
  }

  /// Nothing when it is known to be stored already.
  private Optional<CompletableFuture<Appended>> append(Event event) {
    if (event.named() && ids.knows(event.tenant(), event.id())) {
      return Optional.empty();
    }
    var appended = new CompletableFuture<Appended>();
    log.append(
        EventForm.write(event, directory.position()), Acks.IN_SYNC_REPLICAS, appended::complete);
    return Optional.of(
        appended.completeOnTimeout(
            new Appended.Unknown("no answer"), 2 * LIMIT.toMillis(), TimeUnit.MILLISECONDS));
  }

  private Published judged(Event event, Optional<CompletableFuture<Appended>> appended) {
    if (appended.isEmpty()) {
      return new Published.Stored(true, matching(event));
    }
    return switch (appended.get().join()) {
      case Appended.At at -> stored(event, at);
      case Appended.Refused(var reason, var _) when reason == Appended.Reason.TOO_LARGE ->
          new Published.TooLarge();
      case Appended.Refused(var _, var cause) -> new Published.Unavailable(cause);
      case Appended.Unavailable(var _, var cause) -> new Published.Unavailable(cause);
      case Appended.Unknown(var cause) -> new Published.Unavailable(cause);
    };
  }

  /// In rare cases, after a retry, the log does not say where the record lies: then its sender is
  /// asked to try again, and hears that it is a duplicate.
  private Published stored(Event event, Appended.At at) {
    if (!event.named()) {
      return new Published.Stored(false, matching(event));
    }
    if (at.offset() < 0) {
      return new Published.Unavailable("it is stored, and it is not known where");
    }
    return ids.isRepeated(at.partition(), at.offset(), LIMIT)
        .<Published>map(duplicate -> new Published.Stored(duplicate, matching(event)))
        .orElse(new Published.Unavailable("it is stored, and not known to be new yet"));
  }

  /// Who would get an event now, and who would not and why; of the tenant's oldest destinations.
  public List<Prospect> prospects(Event event, int most) {
    return matcher.prospects(event, most);
  }

  private List<String> matching(Event event) {
    return matcher.matching(event).stream().map(each -> each.value().id()).toList();
  }
}
