package io.tidegate.outbox;

import io.tidegate.filter.Compilation;
import io.tidegate.filter.Document;
import io.tidegate.filter.Filter;
import io.tidegate.registry.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /// In the order of their keys, which is the same for whoever asks.
  List<Snapshot<Destination>> matching(Event event) {
    var candidates = directory.matching(event);
    if (candidates.stream().allMatch(each -> each.value().filter().isEmpty())) {
      return candidates;
    }
    var document = document(event);
    return candidates.stream().filter(each -> passes(each.value(), document)).toList();
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
