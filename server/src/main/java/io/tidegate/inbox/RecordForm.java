package io.tidegate.inbox;

import io.tidegate.base.Bytes;
import io.tidegate.guard.Checked;
import io.tidegate.log.Entry;
import io.tidegate.log.Header;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What the records of one endpoint look like. The table of their headers is in
/// `docs/webhooks-in.md`.
///
/// Any thread. What is the same for every record is made once.
final class RecordForm {
  static final String EVENT_ID = "tidegate-event-id";
  static final String ENDPOINT = "tidegate-endpoint";
  static final String RECEIVED_AT = "tidegate-received-at";
  static final String METHOD = "tidegate-method";
  static final String PATH = "tidegate-path";
  static final String QUERY = "tidegate-query";
  static final String REMOTE = "tidegate-remote";
  static final String REQUEST_ID = "tidegate-request-id";
  static final String DELIVERY_ID = "tidegate-delivery-id";
  static final String VERIFICATION = "tidegate-verification";
  static final String SECRET = "tidegate-secret";
  static final String BATCH = "tidegate-batch";
  static final String REPLAY_OF = "tidegate-replay-of";

  private static final Header POST = Header.of(METHOD, "POST");
  private static final Header VERIFIED = Header.of(VERIFICATION, "verified");
  private static final Header UNCHECKED = Header.of(VERIFICATION, "none");
  private static final int USUAL = 20;

  private final Endpoint endpoint;
  private final Header endpointHeader;
  private final KeyTemplate key;
  private final ForwardedHeaders forwarded;
  private final boolean metadata;

  /// @param metadata whether to say when, from where and to which path the request came
  RecordForm(Endpoint endpoint, KeyTemplate key, ForwardedHeaders forwarded, boolean metadata) {
    this.endpoint = endpoint;
    this.endpointHeader = Header.of(ENDPOINT, endpoint.id());
    this.key = key;
    this.forwarded = forwarded;
    this.metadata = metadata;
  }

  /// One record, or one for each event of a batch; `EMPTY` batches make none.
  ///
  /// @throws io.tidegate.http.Problem.Refusal when a batch cannot be read
  List<Entry> entries(Received received) {
    var headers = received.request().headers();
    return switch (CloudEvents.mode(headers)) {
      case NONE, STRUCTURED -> List.of(entry(received, headers(received)));
      case BINARY -> {
        var all = headers(received);
        CloudEvents.add(headers, all);
        yield List.of(entry(received, all));
      }
      case BATCH -> batch(received);
    };
  }

  private List<Entry> batch(Received received) {
    var events =
        CloudEvents.batch(received.value()).orElseThrow(() -> Refusals.badBatch().refuse());
    var entries = new ArrayList<Entry>(events.size());
    for (var event : events) {
      var id = entries.isEmpty() ? received.eventId() : EventIds.next(received.at().toEpochMilli());
      var one = received.one(event, id);
      var headers = headers(one);
      headers.add(Header.of(BATCH, entries.size() + "/" + events.size()));
      entries.add(entry(one, headers));
    }
    return entries;
  }

  private Entry entry(Received received, List<Header> headers) {
    return new Entry(endpoint.topic(), key.key(received), headers, received.value());
  }

  private List<Header> headers(Received received) {
    var request = received.request();
    var headers = new ArrayList<Header>(USUAL);
    headers.add(Header.of(EVENT_ID, received.eventId()));
    headers.add(endpointHeader);
    if (metadata) {
      circumstances(received, headers);
    }
    headers.add(Header.of(REQUEST_ID, request.id()));
    verification(received, headers);
    received.deliveryId().ifPresent(id -> headers.add(Header.of(DELIVERY_ID, id)));
    contentType(received, headers);
    forwarded.add(request.headers(), headers);
    return headers;
  }

  private static void circumstances(Received received, List<Header> headers) {
    var request = received.request();
    headers.add(Header.of(RECEIVED_AT, micros(received.at())));
    headers.add(request.method().equals("POST") ? POST : Header.of(METHOD, request.method()));
    headers.add(Header.of(PATH, request.path()));
    if (!request.query().isEmpty()) {
      headers.add(Header.of(QUERY, QueryText.shown(request.query())));
    }
    headers.add(Header.of(REMOTE, request.remote()));
  }

  private static void verification(Received received, List<Header> headers) {
    headers.add(received.verified().isPresent() ? VERIFIED : UNCHECKED);
    received
        .verified()
        .map(Checked.Verified::secret)
        .ifPresent(id -> headers.add(Header.of(SECRET, id)));
  }

  /// Each event of a batch is in structured mode by itself.
  private static void contentType(Received received, List<Header> headers) {
    var given = received.request().headers();
    var type = given.first("content-type");
    if (type.isPresent()) {
      var isBatch = CloudEvents.mode(given) == CloudEvents.Mode.BATCH;
      headers.add(Header.of("content-type", isBatch ? CloudEvents.STRUCTURED_TYPE : type.get()));
    }
  }

  private static String micros(Instant at) {
    return Long.toString(TimeUnit.SECONDS.toMicros(at.getEpochSecond()) + at.getNano() / 1_000);
  }

  /// The entry once more, as another event.
  static Entry replayed(Entry entry, String of) {
    var headers = new ArrayList<>(entry.headers());
    headers.add(new Header(REPLAY_OF, Bytes.utf8(of)));
    return new Entry(entry.topic(), entry.key(), headers, entry.value());
  }
}
