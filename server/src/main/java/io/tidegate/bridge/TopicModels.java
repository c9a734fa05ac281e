package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.http.Problem;
import io.tidegate.http.Responder;
import io.tidegate.log.Entry;
import io.tidegate.log.Stored;
import io.tidegate.model.Model;
import io.tidegate.model.Verdict;
import io.tidegate.plan.TopicModel;
import io.tidegate.plan.TopicModel.Side;
import io.tidegate.view.Event;
import io.tidegate.view.TopicView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the records of a cluster's topics must look like, and what becomes of them on the way in
/// and out. A topic that nobody gave a model costs a look at an empty list.
///
/// Any thread.
final class TopicModels {
  static final TopicModels NONE = new TopicModels(List.of(), _ -> {}, 0);

  private static final Logger LOG = LoggerFactory.getLogger(TopicModels.class);
  private static final int MOST_KEPT = 10_000;

  /// What is judged on the caller's own thread, which may be an event loop.
  private static final int MOST_AT_ONCE = 32 << 10;

  private final List<TopicModel> models;
  private final Consumer<String> skipped;
  private final long generation;
  private final Map<String, Pair> written = new ConcurrentHashMap<>();
  private final Map<String, Pair> read = new ConcurrentHashMap<>();

  /// @param skipped hears the topic of every record that is passed over when it is read
  /// @param generation another one for other models
  TopicModels(List<TopicModel> models, Consumer<String> skipped, long generation) {
    this.models = List.copyOf(models);
    this.skipped = skipped;
    this.generation = generation;
  }

  long generation() {
    return generation;
  }

  /// Hands the record on as it is to be stored: at once, or from another thread when that takes
  /// time.
  void fit(Entry entry, Executor workers, Responder responder, Consumer<Entry> then) {
    if (models.isEmpty()) {
      then.accept(entry);
    } else if (entry.value() == null || entry.value().size() <= MOST_AT_ONCE) {
      then.accept(toStored(entry));
    } else {
      workers.execute(() -> BugReport.guarded(responder, () -> then.accept(toStored(entry))));
    }
  }

  /// The record as it is to be stored.
  ///
  /// @throws Problem.Refusal when it does not fit
  private Entry toStored(Entry entry) {
    var pair = pair(written, entry.topic(), Side.WRITTEN);
    fit("key", pair.key, entry.key());
    var value = fit("value", pair.value, entry.value());
    return new Entry(entry.topic(), entry.key(), entry.headers(), value);
  }

  private static @Nullable Bytes fit(String what, @Nullable Model model, @Nullable Bytes content) {
    if (model == null || content == null) {
      return content;
    }
    return switch (model.toStored(content)) {
      case Verdict.Fits(var value) -> value;
      case Verdict.Misfit(var why) ->
          throw Problem.of(
                  400, "invalid_" + what, "The " + what + " of the record does not fit: " + why)
              .refuse();
    };
  }

  /// The view as its readers are to see it.
  TopicView shown(TopicView view) {
    if (models.isEmpty()) {
      return view;
    }
    var pair = pair(read, view.topic(), Side.READ);
    return pair.isNothing()
        ? view
        : new ModelledView(view, new Reader(view.topic(), pair), generation);
  }

  private Pair pair(Map<String, Pair> byTopic, String topic, Side side) {
    var known = byTopic.get(topic);
    if (known != null) {
      return known;
    }
    var found = find(topic, side);
    if (byTopic.size() >= MOST_KEPT) {
      return found;
    }
    var other = byTopic.putIfAbsent(topic, found);
    return other == null ? found : other;
  }

  /// The first that names the topic.
  private Pair find(String topic, Side side) {
    for (var model : models) {
      if (model.side() == side && model.topics().match(topic).isPresent()) {
        return new Pair(model.key().orElse(null), model.value().orElse(null));
      }
    }
    return new Pair(null, null);
  }

  private static final class Pair {
    final @Nullable Model key;
    final @Nullable Model value;
    final Event.Form<Shown> form = new Event.Form<>(Shown.class);
    volatile boolean hasComplained;

    Pair(@Nullable Model key, @Nullable Model value) {
      this.key = key;
      this.value = value;
    }

    boolean isNothing() {
      return key == null && value == null;
    }
  }

  /// An event as readers see it, or that they do not.
  record Shown(Optional<Event> event) {}

  /// Reads the records of one topic.
  final class Reader {
    private final String topic;
    private final Pair pair;

    private Reader(String topic, Pair pair) {
      this.topic = topic;
      this.pair = pair;
    }

    /// Made once, however many read it.
    Optional<Event> shown(Event event) {
      return event
          .as(
              pair.form,
              it -> new Shown(shown(it.stored()).map(stored -> new Event(stored, it.before()))))
          .event();
    }

    /// Empty when the record does not fit.
    Optional<Stored> shown(Stored stored) {
      if (pair.key != null
          && stored.key() != null
          && pair.key.fromStored(stored.key()) instanceof Verdict.Misfit(var why)) {
        return skip(stored, "key", why);
      }
      if (pair.value == null || stored.value() == null) {
        return Optional.of(stored);
      }
      return switch (pair.value.fromStored(stored.value())) {
        case Verdict.Fits(var value) ->
            Optional.of(
                new Stored(
                    stored.partition(),
                    stored.offset(),
                    stored.timestamp(),
                    stored.key(),
                    stored.headers(),
                    value));
        case Verdict.Misfit(var why) -> skip(stored, "value", why);
      };
    }

    private Optional<Stored> skip(Stored stored, String what, String why) {
      skipped.accept(topic);
      if (!pair.hasComplained) {
        pair.hasComplained = true;
        LOG.atWarn()
            .addKeyValue("topic", topic)
            .addKeyValue("partition", stored.partition())
            .addKeyValue("offset", stored.offset())
            .log(
                "a record is skipped, its {} does not fit its model: {} (said once; see tidegate_records_skipped)",
                what,
                why);
      }
      return Optional.empty();
    }
  }
}
