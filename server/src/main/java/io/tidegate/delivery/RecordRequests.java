package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.delivery.RecordHeaders.Refusal;
import io.tidegate.http.Call;
import io.tidegate.http.Call.Target;
import io.tidegate.http.Headers;
import io.tidegate.http.TargetUrl;
import io.tidegate.log.Stored;
import io.tidegate.plan.Pump;
import io.tidegate.plan.Pump.Ordering;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What the records of one topic ask for. A pure function of record and plan; any thread.
///
/// The request line comes from the route's `with`, else from the record's `:method`, `:scheme`,
/// `:authority` and `:path`, else from its key, which is a URL.
final class RecordRequests {
  private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z-]{0,31}");
  private static final Set<String> OTHER_THINGS = Set.of("CONNECT", "TRACE");
  private static final int LARGEST = 16 << 20;

  private final Pump pump;
  private final List<RecordRoute> routes;
  private final String idempotencyHeader;
  private final RecordHeaders headers;
  private final Set<String> replyTopics;
  private final KeyUrls keys = new KeyUrls();

  RecordRequests(Pump pump, String topic) {
    this.pump = pump;
    this.routes =
        pump.routes().stream()
            .filter(route -> route.topic().equals(topic))
            .map(RecordRoute::of)
            .toList();
    this.idempotencyHeader = pump.idempotencyHeader().toLowerCase(Locale.ROOT);
    this.headers = new RecordHeaders(idempotencyHeader);
    this.replyTopics =
        pump.routes().stream()
            .flatMap(route -> route.replyTo().stream())
            .collect(Collectors.toUnmodifiableSet());
  }

  /// What a record asks for.
  sealed interface Asked {

    /// Nothing: no value, or no route wants it.
    record Nothing() implements Asked {}

    /// Something that can never be done.
    record Never(Optional<String> replyTo, String cause) implements Asked {}

    /// A request.
    ///
    /// @param fields of the record, cleaned
    record Request(
        Pump.Route route,
        String method,
        Target target,
        Bytes lane,
        Headers fields,
        Optional<String> replyTo)
        implements Asked {

      /// Host and port, whose limits it counts against.
      String authority() {
        var host = target.host().indexOf(':') < 0 ? target.host() : "[" + target.host() + "]";
        return host + ":" + target.port();
      }
    }
  }

  Asked asked(Stored record) {
    if (record.isTombstone()) {
      return new Asked.Nothing();
    }
    var key = keys.of(record.key());
    for (var route : routes) {
      if (route.wants(record, key)) {
        return asked(record, key, route.route());
      }
    }
    return new Asked.Nothing();
  }

  private Asked asked(Stored record, KeyUrls.KeyUrl key, Pump.Route route) {
    try {
      var target = target(record, key, route);
      var lane = lane(record, target);
      var replyTo = replyTo(record, route);
      return new Asked.Request(route, method(record, route), target, lane, fields(record), replyTo);
    } catch (Refusal refusal) {
      return new Asked.Never(route.replyTo(), refusal.why());
    }
  }

  private Headers fields(Stored record) {
    var value = record.value();
    if (value != null && value.size() > LARGEST) {
      throw new Refusal("the value has more than " + LARGEST + " bytes");
    }
    return headers.fields(record);
  }

  private static String method(Stored record, Pump.Route route) {
    var method = route.method().or(() -> text(record, ":method")).orElse("POST");
    if (!METHOD.matcher(method).matches() || OTHER_THINGS.contains(method)) {
      throw new Refusal("the method is not one that can be sent");
    }
    return method;
  }

  private static Target target(Stored record, KeyUrls.KeyUrl key, Pump.Route route) {
    var scheme = route.scheme().or(() -> text(record, ":scheme"));
    var authority = route.authority().or(() -> text(record, ":authority"));
    var path = route.path().or(() -> text(record, ":path"));
    var fromKey = key.target();
    if (fromKey == null && (authority.isEmpty() || (path.isEmpty() && key.looksLikeUrl()))) {
      throw new Refusal(key.fault());
    }
    if (fromKey != null && scheme.isEmpty() && authority.isEmpty() && path.isEmpty()) {
      return fromKey;
    }
    try {
      return TargetUrl.of(
          scheme.orElseGet(() -> fromKey == null ? "https" : fromKey.scheme()),
          authority.orElseGet(() -> fromKey == null ? "" : fromKey.authority()),
          path.orElseGet(() -> fromKey == null ? "/" : fromKey.path()));
    } catch (TargetUrl.Unfit unfit) {
      throw new Refusal("the URL of key, headers and route cannot be used: " + unfit.why());
    }
  }

  private static Optional<String> text(Stored record, String header) {
    return record.header(header).map(Bytes::utf8);
  }

  /// Never empty: an empty value names nothing, so it counts as none.
  private Bytes lane(Stored record, Target target) {
    var key = record.key();
    var byKey = key == null || key.isEmpty() ? Bytes.utf8(target.url()) : key;
    return switch (pump.ordering()) {
      case Ordering.Key(), Ordering.None() -> byKey;
      case Ordering.ByHeader(var name) ->
          record.header(name).filter(value -> !value.isEmpty()).orElse(byKey);
    };
  }

  /// A record may choose among the topics that this binding replies to anyway, and no others.
  private Optional<String> replyTo(Stored record, Pump.Route route) {
    var chosen = text(record, RecordWords.REPLY_TO);
    if (chosen.isPresent() && !replyTopics.contains(chosen.get())) {
      throw new Refusal(
          "header " + RecordWords.REPLY_TO + " names a topic that no route replies to");
    }
    return chosen.or(route::replyTo);
  }

  /// The request ready to be signed, and the name by which the receiver tells it from others.
  record Prepared(Call call, String id) {}

  /// @throws Refusal when the route's own headers do not fit this record
  Prepared prepare(Stored record, Asked.Request asked) {
    var id = id(record, asked);
    var overrides = new HeaderOverrides(record, asked, id);
    var fields = HeaderOverrides.set(asked.fields(), idempotencyHeader, id);
    fields = overrides.apply(fields, asked.route().overrides());
    fields = overrides.apply(fields, asked.route().exit().headers());
    if (!fields.has("user-agent")) {
      fields = fields.with("user-agent", "Tidegate");
    }
    var value = record.value();
    var body = value == null ? Bytes.EMPTY : value;
    return new Prepared(new Call(asked.method(), asked.target(), fields, body), id);
  }

  /// The idempotency key: the record's own, or else its hash.
  String id(Stored record, Asked.Request asked) {
    return asked
        .fields()
        .first(idempotencyHeader)
        .filter(text -> !text.isEmpty())
        .orElseGet(() -> RequestHash.of(record));
  }
}
