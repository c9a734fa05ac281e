package io.tidegate.view;

import io.tidegate.log.Stored;
import java.util.List;

/// A scan from some progress on, made out of one from the beginning.
record LaterPart(Progress from, TopicView.Scan scan) implements TopicView.Scan {

  @Override
  public boolean records(List<Stored> batch) {
    var later = batch.stream().filter(this::isLater).toList();
    return later.isEmpty() || scan.records(later);
  }

  private boolean isLater(Stored stored) {
    return stored.offset() >= from.at(stored.partition(), 0);
  }

  @Override
  public void end(Progress upTo) {
    scan.end(upTo);
  }

  @Override
  public void unready(String cause) {
    scan.unready(cause);
  }
}
