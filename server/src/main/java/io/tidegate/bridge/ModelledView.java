package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.log.RecordLog.From;
import io.tidegate.log.Stored;
import io.tidegate.view.Event;
import io.tidegate.view.Match;
import io.tidegate.view.Progress;
import io.tidegate.view.TopicView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A view whose records are shown as a model has them outside, without those that do not fit.
///
/// Filters look at what is stored, since headers and keys are the same on both sides.
final class ModelledView implements TopicView {
  private static final int GENERATION_BITS = 48;

  private final TopicView view;
  private final TopicModels.Reader reader;
  private final long generation;

  /// @param generation of the models; what was made with others is no longer of use
  ModelledView(TopicView view, TopicModels.Reader reader, long generation) {
    this.view = view;
    this.reader = reader;
    this.generation = generation;
  }

  @Override
  public String topic() {
    return view.topic();
  }

  @Override
  public Progress applied() {
    return view.applied();
  }

  @Override
  public long version() {
    return view.version() ^ generation << GENERATION_BITS;
  }

  @Override
  public void newest(Match match, Consumer<Newest> then) {
    view.newest(match, newest -> then.accept(shown(newest)));
  }

  private Newest shown(Newest newest) {
    return newest instanceof Newest.Found(var stored)
        ? reader.shown(stored).<Newest>map(Newest.Found::new).orElseGet(Newest.Absent::new)
        : newest;
  }

  @Override
  public void each(Match match, Progress from, Scan scan) {
    view.each(
        match,
        from,
        new Scan() {
          @Override
          public boolean records(List<Stored> batch) {
            return scan.records(
                batch.stream().map(reader::shown).flatMap(Optional::stream).toList());
          }

          @Override
          public void end(Progress upTo) {
            scan.end(upTo);
          }

          @Override
          public void unready(String cause) {
            scan.unready(cause);
          }
        });
  }

  @Override
  public Watch watch(Match match, Consumer<Stored> onRecord) {
    return view.watch(match, stored -> reader.shown(stored).ifPresent(onRecord));
  }

  @Override
  public Follow follow(Match match, Map<Integer, Long> next, From otherwise, Reader to) {
    var following = new Following(to);
    following.inner = view.follow(match, next, otherwise, following);
    return following;
  }

  @Override
  public Watch whenApplied(int partition, long offset, Runnable then) {
    return view.whenApplied(partition, offset, then);
  }

  @Override
  public Optional<String> check() {
    return view.check();
  }

  @Override
  public int partitionOf(Bytes key) {
    return view.partitionOf(key);
  }

  /// Asks for another record for each that is passed over.
  private final class Following implements Follow, TopicView.Reader {
    private final TopicView.Reader to;
    private volatile @Nullable Follow inner;

    Following(TopicView.Reader to) {
      this.to = to;
    }

    @Override
    public void started() {
      to.started();
    }

    @Override
    public void records(List<Event> events) {
      var shown = new ArrayList<Event>(events.size());
      for (var event : events) {
        reader.shown(event).ifPresent(shown::add);
      }
      if (!shown.isEmpty()) {
        to.records(List.copyOf(shown));
      }
      if (shown.size() < events.size()) {
        request(events.size() - shown.size());
      }
    }

    @Override
    public void ended(String cause) {
      to.ended(cause);
    }

    @Override
    public void request(int records) {
      var follow = inner;
      if (follow != null) {
        follow.request(records);
      }
    }

    @Override
    public void close() {
      var follow = inner;
      if (follow != null) {
        follow.close();
      }
    }
  }
}
