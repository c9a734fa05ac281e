package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Entry;
import io.tidegate.log.Header;
import io.tidegate.plan.KafkaMapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Stores a request's body as a record and answers 204 when that is confirmed. A DELETE becomes a
/// tombstone.
///
/// `if-match` has no effect here, and neither has the idempotency key, other than in templates: the
/// log is appended to, whatever it holds.
final class OneWay implements TopicAction {
  private static final Reply STORED = Reply.of(204);

  private final KafkaMapping.Produce produce;
  private final Topics topics;
  private final Acks acks;
  private final Forwarded forwarded;

  OneWay(KafkaMapping.Produce produce, Topics topics) {
    this.produce = produce;
    this.topics = topics;
    this.acks = acks(produce.acks());
    this.forwarded = new Forwarded(produce.forwarded());
  }

  @Override
  public void handle(Request request, Map<String, String> params, Responder responder) {
    var scope = new RequestScope(request, params, produce.idempotencyHeader());
    var topic = TopicName.of(produce.topic(), scope);
    var entry = new Entry(topic, key(produce, scope), headers(request, scope), value(request));
    topics
        .models()
        .fit(
            entry,
            topics.workers(),
            responder,
            fit ->
                topics.log().append(fit, acks, outcome -> responder.reply(reply(topic, outcome))));
  }

  @Override
  public long bodyLimit(Request head, Map<String, String> params) {
    return bodyLimit(produce, topics, new RequestScope(head, params, produce.idempotencyHeader()));
  }

  static long bodyLimit(KafkaMapping.Produce produce, Topics topics, RequestScope scope) {
    return produce.bodyLimit().isPresent()
        ? produce.bodyLimit().getAsLong()
        : topics.facts().largestBody(TopicName.of(produce.topic(), scope));
  }

  static @Nullable Bytes key(KafkaMapping.Produce produce, RequestScope scope) {
    return produce.key().isPresent() ? Bytes.utf8(produce.key().get().render(scope)) : null;
  }

  static Acks acks(KafkaMapping.Acknowledgement acknowledgement) {
    return switch (acknowledgement) {
      case NONE -> Acks.NONE;
      case LEADER_ONLY -> Acks.LEADER_ONLY;
      case IN_SYNC_REPLICAS -> Acks.IN_SYNC_REPLICAS;
    };
  }

  /// What went wrong, if it did.
  static Optional<Reply> failure(Appended outcome) {
    return switch (outcome) {
      case Appended.At _ -> Optional.empty();
      case Appended.Refused refused -> Optional.of(Reply.of(Outcomes.of(refused)));
      case Appended.Unavailable unavailable -> Optional.of(Reply.of(Outcomes.of(unavailable)));
      case Appended.Unknown _ -> Optional.of(Reply.of(Outcomes.unknown()));
    };
  }

  private Reply reply(String topic, Appended outcome) {
    if (outcome instanceof Appended.At at) {
      topics.ownWrites().note(topic, at);
      return STORED;
    }
    return failure(outcome).orElseThrow();
  }

  private static @Nullable Bytes value(Request request) {
    return request.method().equals("DELETE") ? null : request.body();
  }

  private List<Header> headers(Request request, RequestScope scope) {
    var headers = new ArrayList<Header>(2 + produce.overrides().size());
    var type = request.headers().first("content-type");
    if (type.isPresent()) {
      headers.add(Header.of("content-type", type.get()));
    }
    forwarded.add(request.headers(), headers);
    for (var each : produce.overrides()) {
      headers.add(Header.of(each.name(), each.value().render(scope)));
    }
    return headers;
  }

  /// The request headers that a record carries: by name, or all that begin with what stands before
  /// a final `*`. Never credentials, and always the trace that the request belongs to.
  private record Forwarded(List<String> names) {
    private static final List<String> NEVER =
        List.of("authorization", "cookie", "proxy-authorization", "content-type");

    void add(Headers from, List<Header> to) {
      for (var field : from) {
        if (TraceContext.isPartOf(field.name()) || matches(field.name())) {
          to.add(Header.of(field.name(), field.value()));
        }
      }
    }

    private boolean matches(String name) {
      for (var wanted : names) {
        var prefix = wanted.endsWith("*");
        if (prefix
            ? name.regionMatches(true, 0, wanted, 0, wanted.length() - 1)
            : name.equalsIgnoreCase(wanted)) {
          return !NEVER.contains(name);
        }
      }
      return false;
    }
  }
}
