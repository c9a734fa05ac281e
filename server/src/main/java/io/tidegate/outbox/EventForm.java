package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import io.tidegate.log.Entry;
import io.tidegate.log.Header;
import io.tidegate.log.RecordLog.TopicSpec;
import io.tidegate.log.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Events as they lie in their topic: the tenant as the key, the data as the value, the rest in
/// headers. `docs/decisions/events-by-tenant.md` says why.
public final class EventForm {
  public static final String TOPIC = "tidegate.events";
  static final int PARTITIONS = 8;

  private static final String WEEK = "604800000";
  static final String LARGEST = Integer.toString(4 << 20);

  private static final String ID = "tidegate-event-id";
  private static final String NAMED = "tidegate-event-named";
  private static final String TOPIC_NAME = "tidegate-event-topic";
  private static final String DESTINATION = "tidegate-event-destination";
  private static final String TIME = "tidegate-event-time";
  private static final String RETRIED = "tidegate-event-retried";
  private static final String POSITION = "tidegate-event-after";
  private static final String METADATA = "metadata-";

  private static final Set<String> NAMES =
      Set.of(ID, NAMED, TOPIC_NAME, DESTINATION, TIME, RETRIED);

  /// In bytes. Ids are shorter; topics of sources may be anything.
  private static final int LONGEST_NAME = 1024;

  private EventForm() {}

  static TopicSpec topic() {
    return new TopicSpec(
        TOPIC, PARTITIONS, false, Map.of("retention.ms", WEEK, "max.message.bytes", LARGEST));
  }

  /// @param position how far its publisher had read the directory
  static Entry write(Event event, String position) {
    var headers = new ArrayList<Header>();
    headers.add(Header.of(POSITION, position));
    headers.addAll(headers(event));
    return new Entry(TOPIC, Bytes.utf8(event.tenant()), headers, event.data());
  }

  /// All of the event but its tenant and its data.
  static List<Header> headers(Event event) {
    var headers = new ArrayList<Header>();
    headers.add(Header.of(ID, event.id()));
    if (event.named()) {
      headers.add(Header.of(NAMED, "true"));
    }
    if (!event.topic().isEmpty()) {
      headers.add(Header.of(TOPIC_NAME, event.topic()));
    }
    event.destination().ifPresent(id -> headers.add(Header.of(DESTINATION, id)));
    headers.add(Header.of(TIME, event.time().toString()));
    if (!event.retried()) {
      headers.add(Header.of(RETRIED, "false"));
    }
    new TreeMap<>(event.metadata())
        .forEach((name, value) -> headers.add(Header.of(METADATA + name, value)));
    return headers;
  }

  /// Those among headers that say which event it is and when; what else goes with it is left out.
  static List<Header> names(List<Header> headers) {
    return headers.stream()
        .filter(header -> NAMES.contains(header.name()))
        .map(header -> header.value().size() <= LONGEST_NAME ? header : shortened(header))
        .toList();
  }

  private static Header shortened(Header header) {
    return Header.of(header.name(), header.value().utf8().substring(0, LONGEST_NAME / 4) + "…");
  }

  /// Nothing when it is none of ours: somebody else's record in the topic.
  public static Optional<Event> read(Stored record) {
    var tenant = record.key();
    var data = record.value();
    var id = text(record, ID);
    if (tenant == null || data == null || id.isEmpty()) {
      return Optional.empty();
    }
    var metadata = new HashMap<String, String>();
    for (var header : record.headers()) {
      if (header.name().startsWith(METADATA)) {
        metadata.put(header.name().substring(METADATA.length()), header.value().utf8());
      }
    }
    return Optional.of(
        new Event(
            id.get(),
            text(record, NAMED).isPresent(),
            tenant.utf8(),
            text(record, TOPIC_NAME).orElse(""),
            text(record, DESTINATION),
            text(record, TIME).flatMap(UtcTime::read).orElse(record.time()),
            !text(record, RETRIED).equals(Optional.of("false")),
            metadata,
            data));
  }

  /// The name that its publisher gave to an event; nothing for names made here.
  static Optional<String> givenId(Stored record) {
    return text(record, NAMED).isPresent() ? text(record, ID) : Optional.empty();
  }

  /// How far its publisher had read the directory; empty when it does not say.
  static String known(Stored record) {
    return text(record, POSITION).orElse("");
  }

  private static Optional<String> text(Stored record, String name) {
    return record.header(name).map(Bytes::utf8);
  }
}
