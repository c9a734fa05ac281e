package io.tidegate.view;

import io.tidegate.base.Bytes;
import io.tidegate.log.RecordLog.From;
import io.tidegate.log.Stored;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Stands for a topic that is not shown, and says why.
record RefusedView(String topic, String cause) implements TopicView {
  private static final Watch NOTHING = () -> {};
  private static final Follow ENDED =
      new Follow() {
        @Override
        public void request(int records) {}

        @Override
        public void close() {}
      };

  @Override
  public Progress applied() {
    return Progress.NONE;
  }

  @Override
  public long version() {
    return 0;
  }

  @Override
  public void newest(Match match, Consumer<Newest> then) {
    then.accept(new Newest.Unready(cause));
  }

  @Override
  public void each(Match match, Progress from, Scan scan) {
    scan.unready(cause);
  }

  @Override
  public Watch watch(Match match, Consumer<Stored> onRecord) {
    return NOTHING;
  }

  @Override
  public Follow follow(Match match, Map<Integer, Long> next, From otherwise, Reader reader) {
    reader.ended(cause);
    return ENDED;
  }

  @Override
  public Watch whenApplied(int partition, long offset, Runnable then) {
    return NOTHING;
  }

  @Override
  public Optional<String> check() {
    return Optional.of(cause);
  }

  @Override
  public int partitionOf(Bytes key) {
    return 0;
  }
}
