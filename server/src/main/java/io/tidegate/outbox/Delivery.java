package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import io.tidegate.log.Entry;
import io.tidegate.log.Header;
import io.tidegate.log.RecordLog.TopicSpec;
import io.tidegate.log.Stored;
import io.tidegate.plan.Destinations;
import io.tidegate.registry.Snapshot;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One event owed to one destination, as it lies in the topic of deliveries: the destination as the
/// key, the event's headers and data, and where the event lies.
///
/// @param key of the destination
/// @param source where the event lies
/// @param event without its data when that is too large to be copied
/// @param isOversized what goes with the event is more than the topic takes, and is not here: all
///   that can be done with it is to say so
/// @param manual who asked for it, when somebody did
public record Delivery(
    String key,
    Source source,
    Event event,
    boolean isReference,
    boolean isOversized,
    Optional<Manual> manual) {
  public static final String TOPIC = Destinations.DELIVERIES;

  static final int PARTITIONS = 8;

  /// Data beyond this stays where the event is.
  static final int COPIED = 64 << 10;

  private static final String SOURCE = "tidegate-source";
  private static final String REFERENCE = "tidegate-reference";
  private static final String OVERSIZED = "tidegate-oversized";
  private static final String MATCHED = "tidegate-destination-version";
  private static final String ID = "tidegate-delivery-id";
  private static final String MANUAL = "tidegate-manual";
  private static final Set<String> OURS = Set.of(SOURCE, REFERENCE, OVERSIZED, MATCHED, ID, MANUAL);
  private static final String WEEK = "604800000";

  /// @param topic empty for the topic of published events
  public record Source(String topic, int partition, long offset) {
    String text() {
      return (topic.isEmpty() ? "" : topic + ":") + partition + ":" + offset;
    }

    /// The topic by its name.
    public String log() {
      return topic.isEmpty() ? EventForm.TOPIC : topic;
    }

    static Optional<Source> read(Stored record) {
      return parse(record.header(SOURCE).map(Bytes::utf8).orElse(""));
    }

    static Optional<Source> parse(String text) {
      int colon = text.lastIndexOf(':');
      int first = colon < 1 ? -1 : text.lastIndexOf(':', colon - 1);
      try {
        return colon < 0
            ? Optional.empty()
            : Optional.of(
                new Source(
                    first < 0 ? "" : text.substring(0, first),
                    Integer.parseInt(text.substring(first + 1, colon)),
                    Long.parseLong(text.substring(colon + 1))));
      } catch (NumberFormatException notOurs) {
        return Optional.empty();
      }
    }
  }

  /// A retry that somebody asked for.
  ///
  /// @param retry names it; the same for all deliveries of one request
  /// @param before how many attempts there were to bring the event to the destination
  /// @param initiator who asked: `operator`, or `tenant:` and its id
  public record Manual(String retry, int before, String initiator) {
    private static final int PARTS = 3;

    String text() {
      return retry + "\t" + before + "\t" + initiator;
    }

    static Optional<Manual> read(Stored record) {
      var parts = record.header(MANUAL).map(Bytes::utf8).orElse("").split("\t", PARTS);
      try {
        return parts.length == PARTS
            ? Optional.of(new Manual(parts[0], Integer.parseInt(parts[1]), parts[2]))
            : Optional.empty();
      } catch (NumberFormatException notOurs) {
        return Optional.empty();
      }
    }
  }

  static TopicSpec topic() {
    return new TopicSpec(
        Destinations.DELIVERIES,
        PARTITIONS,
        false,
        Map.of("retention.ms", WEEK, "max.message.bytes", EventForm.LARGEST));
  }

  /// The same for the same event and destination, whoever makes it and however often.
  static String id(String tenant, String event, String destination) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var part : new String[] {tenant, event, destination}) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return "dlv_" + HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }

  String id() {
    return id(event.tenant(), event.id(), destination());
  }

  /// The id of the destination.
  public String destination() {
    return key.substring(key.indexOf('/') + 1);
  }

  /// @param told what goes with it of the event
  /// @param found the destination as it was matched
  static Entry entry(Source source, List<Header> told, Event event, Snapshot<Destination> found) {
    return entry(source, told, event, found, Optional.empty());
  }

  static Entry entry(
      Source source,
      List<Header> told,
      Event event,
      Snapshot<Destination> found,
      Optional<Manual> manual) {
    var destination = found.value();
    var large = event.data().size() > COPIED;
    var headers = new ArrayList<Header>(told);
    headers.add(Header.of(ID, id(event.tenant(), event.id(), destination.id())));
    headers.add(Header.of(SOURCE, source.text()));
    headers.add(Header.of(MATCHED, Long.toString(found.version())));
    manual.ifPresent(each -> headers.add(Header.of(MANUAL, each.text())));
    if (large) {
      headers.add(Header.of(REFERENCE, "true"));
    }
    return new Entry(
        Destinations.DELIVERIES,
        Bytes.utf8(destination.key()),
        headers,
        large ? Bytes.EMPTY : event.data());
  }

  /// The same with less of the event, for a topic that does not take it as it is: first the data
  /// stay where the event is, then all that goes with it but its names (`isOversized`). Nothing
  /// after that.
  static Optional<Entry> smaller(Entry entry) {
    var value = entry.value();
    if (entry.headers().stream().anyMatch(header -> header.name().equals(OVERSIZED))) {
      return Optional.empty();
    }
    var isData = value != null && !value.isEmpty();
    var headers = new ArrayList<>(isData ? entry.headers() : EventForm.names(entry.headers()));
    if (isData) {
      headers.add(Header.of(REFERENCE, "true"));
    } else {
      entry.headers().stream().filter(header -> OURS.contains(header.name())).forEach(headers::add);
      headers.add(Header.of(OVERSIZED, "true"));
    }
    return Optional.of(new Entry(entry.topic(), entry.key(), headers, Bytes.EMPTY));
  }

  /// The version of its destination that the event matched; 0 when it does not say.
  static long matched(Stored record) {
    try {
      return record.header(MATCHED).map(Bytes::utf8).map(Long::parseLong).orElse(0L);
    } catch (NumberFormatException notOurs) {
      return 0;
    }
  }

  /// What goes with the event that such a record holds.
  static List<Header> told(Stored record) {
    return record.headers().stream().filter(header -> !OURS.contains(header.name())).toList();
  }

  /// Nothing when it is none of ours.
  public static Optional<Delivery> read(Stored record) {
    var key = record.key();
    var source = Source.read(record);
    if (key == null || source.isEmpty() || key.utf8().indexOf('/') < 1) {
      return Optional.empty();
    }
    var text = key.utf8();
    var tenant = Bytes.utf8(text.substring(0, text.indexOf('/')));
    var event =
        EventForm.read(
            new Stored(
                record.partition(),
                record.offset(),
                record.timestamp(),
                tenant,
                record.headers(),
                record.value()));
    return event.map(each ->
        new Delivery(
            text,
            source.get(),
            each,
            record.header(REFERENCE).isPresent(),
            record.header(OVERSIZED).isPresent(),
            Manual.read(record)));
  }
}
