package io.tidegate.bridge;

import io.tidegate.base.Time;
import io.tidegate.http.Reply;
import io.tidegate.http.Responder;
import io.tidegate.log.RecordLog;
import io.tidegate.plan.Template;
import io.tidegate.plan.TopicModel;
import io.tidegate.view.TopicView;
import io.tidegate.view.Views;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// One cluster as the bridge needs it: its log, its views, and what all routes onto it share. There
/// is one of these per cluster, kept across reloads.
///
/// Any thread.
public final class Topics {
  private final RecordLog log;
  private final Views views;
  private final Executor workers;
  private final TopicFacts facts;
  private final OwnWrites ownWrites;
  private final Exchanges exchanges;
  private final MergedArrays arrays;
  private volatile TopicModels models = TopicModels.NONE;

  /// @param workers runs what may wait or takes long; a thread per task, virtual ones will do
  public Topics(RecordLog log, Views views, Executor workers, Time time) {
    this.log = log;
    this.views = views;
    this.workers = workers;
    this.facts = new TopicFacts(log, workers, time);
    this.ownWrites = new OwnWrites(time, workers);
    this.exchanges = new Exchanges(log, ownWrites, time);
    this.arrays = new MergedArrays(workers);
  }

  /// From now on records are held to these models.
  ///
  /// @param skipped hears the topic of every record that is passed over when it is read
  public synchronized Topics model(List<TopicModel> wanted, Consumer<String> skipped) {
    models = new TopicModels(wanted, skipped, models.generation() + 1);
    return this;
  }

  TopicModels models() {
    return models;
  }

  RecordLog log() {
    return log;
  }

  /// Hands the view of a topic to `then`: at once, if the configuration names the topic. Where a
  /// caller chooses among topics a view is opened only for one that exists, which may have to be
  /// asked first.
  void view(Template template, String topic, Responder responder, Consumer<TopicView> then) {
    if (template.constant().isPresent()) {
      then.accept(models.shown(views.of(topic)));
      return;
    }
    facts.existence(
        topic,
        existence -> {
          switch (existence) {
            case THERE ->
                BugReport.guarded(responder, () -> then.accept(models.shown(views.of(topic))));
            case MISSING -> responder.reply(Reply.of(Outcomes.noSuchTopic()));
            case UNKNOWN -> responder.reply(Reply.of(Outcomes.unready()));
          }
        });
  }

  Executor workers() {
    return workers;
  }

  TopicFacts facts() {
    return facts;
  }

  OwnWrites ownWrites() {
    return ownWrites;
  }

  Exchanges exchanges() {
    return exchanges;
  }

  MergedArrays arrays() {
    return arrays;
  }
}
