package io.tidegate.bridge;

import io.tidegate.http.Headers;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.log.Entry;
import io.tidegate.log.Header;
import io.tidegate.plan.KafkaMapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// A whole request as a record, for a service that reads it from a topic and writes its reply into
/// another: the request line and all headers as record headers, where the reply is expected, and
/// the correlation id.
///
/// Credentials in the request's headers are among them; the service may need them.
record RequestRecord(Entry entry, String correlationId) {

  /// What does not belong to the request but to its transport, or is said in other words.
  private static final Set<String> LEFT_OUT =
      Set.of(
          "content-length",
          "prefer",
          "host",
          "connection",
          "keep-alive",
          "proxy-connection",
          "transfer-encoding",
          "te",
          "trailer",
          "upgrade",
          "http2-settings");

  static RequestRecord of(
      KafkaMapping.Produce produce, String replyTopic, Request request, RequestScope scope) {
    var correlation = produce.correlation().orElseThrow();
    var topic = TopicName.of(produce.topic(), scope);
    var key = OneWay.key(produce, scope);
    var headers = requestLine(request);
    fields(request.headers(), headers);
    headers.add(Header.of(correlation.replyToHeader(), replyTopic));
    for (var each : produce.overrides()) {
      headers.add(Header.of(each.name(), each.value().render(scope)));
    }
    var id = CorrelationId.of(scope.idempotencyKey(), key, headers, request.body());
    headers.add(Header.of(correlation.requestIdHeader(), id));
    return new RequestRecord(new Entry(topic, key, headers, request.body()), id);
  }

  /// Hands the same on as the models of its topic have it. A request without a body has no value to
  /// judge. The correlation id stays that of what was sent.
  void fit(Topics topics, Responder responder, Consumer<RequestRecord> then) {
    if (entry.value() == null || entry.value().isEmpty()) {
      then.accept(this);
      return;
    }
    topics
        .models()
        .fit(
            entry,
            topics.workers(),
            responder,
            stored -> then.accept(new RequestRecord(stored, correlationId)));
  }

  private static List<Header> requestLine(Request request) {
    var headers = new ArrayList<Header>(request.headers().size() + 8);
    headers.add(Header.of(":scheme", request.scheme()));
    headers.add(Header.of(":method", request.method()));
    headers.add(Header.of(":path", request.target()));
    headers.add(Header.of(":authority", request.authority()));
    return headers;
  }

  private static void fields(Headers from, List<Header> to) {
    for (var field : from) {
      if (field.name().equals("if-match")) {
        serviceTag(field.value()).ifPresent(tag -> to.add(Header.of("if-match", tag)));
      } else if (!LEFT_OUT.contains(field.name())) {
        to.add(Header.of(field.name(), field.value()));
      }
    }
  }

  /// What the service itself gave as ETag: the part behind the slash of the one that we gave. The
  /// condition is the service's to judge.
  static Optional<String> serviceTag(String ifMatch) {
    var tag = ifMatch.strip();
    var open = tag.startsWith("W/\"") ? 3 : tag.startsWith("\"") ? 1 : 0;
    if (open > 0) {
      tag =
          tag.substring(open, tag.endsWith("\"") ? Math.max(open, tag.length() - 1) : tag.length());
    }
    var slash = tag.indexOf('/');
    return slash < 0 ? Optional.empty() : Optional.of(tag.substring(slash + 1));
  }
}
