package io.tidegate.outbox;

import io.tidegate.filter.Compilation;
import io.tidegate.filter.Document;
import io.tidegate.filter.Filter;
import io.tidegate.outbox.Prospect.Answer;
import io.tidegate.registry.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Says which destinations are to get an event: by topic, and by what they filter. Filters are
/// compiled once, and the event is read once, if any filter asks for it. Any thread.
final class Matcher {
  private static final int MOST_FILTERS = 10_000;

  private final Directory directory;
  private final Map<String, Filter> compiled =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Filter> eldest) {
          return size() > MOST_FILTERS;
        }
      };

  Matcher(Directory directory) {
    this.directory = directory;
  }

  /// @param wanted in the order of their keys, which is the same for whoever asks
  /// @param filtered how many want the topic, and filter the event out
  record Found(List<Snapshot<Destination>> wanted, int filtered) {}

  List<Snapshot<Destination>> matching(Event event) {
    return find(event).wanted();
  }

  Found find(Event event) {
    var candidates = directory.matching(event);
    if (candidates.stream().allMatch(each -> each.value().filter().isEmpty())) {
      return new Found(candidates, 0);
    }
    var document = document(event);
    var wanted = candidates.stream().filter(each -> passes(each.value(), document)).toList();
    return new Found(wanted, candidates.size() - wanted.size());
  }

  /// Of the tenant's oldest destinations, with what their filters say.
  List<Prospect> prospects(Event event, int most) {
    var document = document(event);
    return directory.destinations(event.tenant()).stream()
        .limit(most)
        .map(each -> prospect(event, document, each))
        .toList();
  }

  private Prospect prospect(Event event, Document document, Snapshot<Destination> each) {
    var value = each.value();
    if (event.destination().filter(id -> !id.equals(value.id())).isPresent()) {
      return new Prospect(each, Answer.ADDRESSED_ELSEWHERE, Optional.empty());
    }
    if (!value.topics().matches(event.topic())) {
      return new Prospect(each, Answer.TOPIC, Optional.empty());
    }
    var explanation = value.filter().map(text -> filter(text).explain(document));
    if (!passes(value, document)) {
      return new Prospect(each, Answer.FILTER, explanation);
    }
    return new Prospect(each, value.isEnabled() ? Answer.DELIVERED : Answer.DISABLED, explanation);
  }

  /// Whether a destination wants an event, enabled or not.
  boolean wants(Destination destination, Event event) {
    return event.destination().map(destination.id()::equals).orElse(true)
        && destination.tenant().equals(event.tenant())
        && destination.topics().matches(event.topic())
        && (destination.filter().isEmpty() || passes(destination, document(event)));
  }

  private boolean passes(Destination destination, Document document) {
    return destination.filter().map(text -> filter(text).matches(document)).orElse(true);
  }

  /// What filters look at.
  private static Document document(Event event) {
    return new Document.Parts()
        .text("id", event.id())
        .text("tenant_id", event.tenant())
        .text("topic", event.topic())
        .text("time", event.time().toString())
        .texts("metadata", event.metadata())
        .json("data", event.data())
        .document();
  }

  /// One that cannot be compiled any more lets nothing through; none is stored that cannot be.
  private Filter filter(String text) {
    synchronized (compiled) {
      return compiled.computeIfAbsent(
          text,
          each ->
              switch (Filter.compile(each)) {
                case Compilation.Compiled(var filter) -> filter;
                case Compilation.Refused _ ->
                    Filter.compile("{\"tidegate\":{\"$exist\":true}}").orThrow();
              });
    }
  }
}
