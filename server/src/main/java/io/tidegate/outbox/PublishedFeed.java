package io.tidegate.outbox;

import io.tidegate.log.Header;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.Stored;
import java.time.Duration;
import java.util.List;

/// The events that were published.
record PublishedFeed(EventIds ids) implements Feed {
  static final String GROUP = "tidegate.fanout";

  private static final Duration LIMIT = Duration.ofSeconds(8);

  @Override
  public String topic() {
    return EventForm.TOPIC;
  }

  @Override
  public String group() {
    return GROUP;
  }

  @Override
  public Read read(Stored record) {
    return EventForm.read(record)
        .<Read>map(Read.Fit::new)
        .orElseGet(() -> new Read.Unfit("not_published"));
  }

  @Override
  public List<Header> headers(Stored record, Event event) {
    return record.headers();
  }

  @Override
  public Delivery.Source source(Stored record) {
    return new Delivery.Source("", record.partition(), record.offset());
  }

  @Override
  public String known(Stored record) {
    return EventForm.known(record);
  }

  @Override
  public boolean isRepeated(Stored record, Event event) {
    var what = "the topic of events is not read up to its end";
    return event.named()
        && ids.isRepeated(record.partition(), record.offset(), LIMIT)
            .orElseThrow(() -> new LogUnavailable(what, new IllegalStateException(what)));
  }
}
