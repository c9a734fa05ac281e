package io.tidegate.outbox;

import io.tidegate.log.Header;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.Stored;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
  public void prepare(int partition, long offset) {
    ids.reach(partition, offset);
  }

  @Override
  public boolean isRepeated(Stored record, Event event) {
    return event.named() && isRepeated(record);
  }

  private boolean isRepeated(Stored record) {
    try {
      var answer = ids.isRepeated(record.partition(), record.offset());
      return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException late) {
      throw new LogUnavailable("the topic of events is not read up to its end", late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new LogUnavailable("interrupted", interrupted);
    }
  }
}
