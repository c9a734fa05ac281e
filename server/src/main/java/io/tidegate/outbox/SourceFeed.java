package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import io.tidegate.log.Header;
import io.tidegate.log.Stored;
import io.tidegate.plan.EventSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A topic of anybody's, whose records are events as the configuration reads them. The value is the
/// data, byte for byte, whether it is JSON or not.
record SourceFeed(EventSource source, TopicPolicy policy) implements Feed {

  @Override
  public String topic() {
    return source.topic();
  }

  @Override
  public String group() {
    return PublishedFeed.GROUP + "." + source.topic();
  }

  @Override
  public Read read(Stored record) {
    var value = record.value();
    var tenant = text(source.tenant(), record);
    var topic = text(source.eventTopic(), record);
    var id = text(source.id(), record);
    if (value == null) {
      return new Read.Unfit("no_value");
    }
    if (tenant.isEmpty() || !Ids.isLegal(tenant.get())) {
      return new Read.Unfit("no_tenant");
    }
    if (topic.isEmpty() || !policy.accepts(topic.get())) {
      return new Read.Unfit("no_topic");
    }
    if (id.isEmpty() || !Ids.isLegal(id.get())) {
      return new Read.Unfit("no_id");
    }
    return new Read.Fit(
        new Event(
            id.get(),
            false,
            tenant.get(),
            topic.get(),
            Optional.empty(),
            record.time(),
            true,
            metadata(record),
            value));
  }

  private Optional<String> text(EventSource.From from, Stored record) {
    var text =
        switch (from) {
          case EventSource.From.Header(var name) -> record.header(name).map(Bytes::utf8);
          case EventSource.From.Value(var given) -> Optional.of(given);
          case EventSource.From.Key() -> Optional.ofNullable(record.key()).map(Bytes::utf8);
          case EventSource.From.Topic() -> Optional.of(source.topic());
          case EventSource.From.Position() ->
              Optional.of(source.topic() + "-" + record.partition() + "-" + record.offset());
        };
    return text.filter(it -> !it.isEmpty());
  }

  private Map<String, String> metadata(Stored record) {
    var metadata = new HashMap<String, String>();
    for (var name : source.metadata()) {
      record.header(name).map(Bytes::utf8).ifPresent(value -> metadata.put(name, value));
    }
    return metadata;
  }

  @Override
  public List<Header> headers(Stored record, Event event) {
    return EventForm.headers(event);
  }

  @Override
  public Delivery.Source source(Stored record) {
    return new Delivery.Source(source.topic(), record.partition(), record.offset());
  }
}
