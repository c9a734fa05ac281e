package io.tidegate.bridge;

import io.tidegate.http.Request;
import io.tidegate.http.Session;
import io.tidegate.plan.Template;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a template can ask of one request. Values are text; only those of the query are
/// percent-decoded, so that a path segment stays the key that the caller wrote.
///
/// One thread at a time, as a request goes.
final class RequestScope implements Template.Scope {
  private final Request request;
  private final Map<String, String> params;
  private final String idempotencyHeader;
  private @Nullable String idempotencyKey;
  private @Nullable String correlationId;

  RequestScope(Request request, Map<String, String> params, String idempotencyHeader) {
    this.request = request;
    this.params = params;
    this.idempotencyHeader = idempotencyHeader.toLowerCase(Locale.ROOT);
  }

  /// The caller's idempotency key, or a random one: the same one every time it is asked for.
  String idempotencyKey() {
    if (idempotencyKey == null) {
      idempotencyKey = givenIdempotencyKey().orElseGet(RandomIds::next);
    }
    return idempotencyKey;
  }

  Optional<String> givenIdempotencyKey() {
    return request.headers().first(idempotencyHeader).filter(key -> !key.isEmpty());
  }

  /// From now on `${correlationId}` is this, written so that it can stand in a path.
  RequestScope correlate(String id) {
    correlationId = PathText.encode(id);
    return this;
  }

  @Override
  public Optional<String> value(Template.Part place) {
    return switch (place) {
      case Template.Part.Text(var text) -> Optional.of(text);
      case Template.Part.Param(var name) -> Optional.ofNullable(params.get(name));
      case Template.Part.Identity(var guard) -> session(guard).flatMap(Session::identity);
      case Template.Part.Attribute(var guard, var name) ->
          session(guard).map(session -> session.attributes().get(name));
      case Template.Part.IdempotencyKey() -> Optional.of(idempotencyKey());
      case Template.Part.CorrelationId() -> Optional.ofNullable(correlationId);
      case Template.Part.RequestHeader(var name) ->
          request.headers().joined(name.toLowerCase(Locale.ROOT));
      case Template.Part.Query(var name) -> PathText.query(request.query(), name);
      case Template.Part.Method() -> Optional.of(request.method());
      case Template.Part.Path() -> Optional.of(request.path());
      case Template.Part.Url() -> Optional.of(request.url());
      case Template.Part.Status() -> Optional.empty();
    };
  }

  private Optional<Session> session(String guard) {
    return Optional.ofNullable(request.sessions().get(guard));
  }
}
