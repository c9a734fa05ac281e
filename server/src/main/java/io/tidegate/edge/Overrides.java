package io.tidegate.edge;

import io.tidegate.http.Headers;
import io.tidegate.http.Request;
import io.tidegate.plan.HeaderTemplate;
import io.tidegate.plan.Template.Part;
import io.tidegate.plan.Template.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Header fields, and pseudo-headers, that a configuration forces on requests.
final class Overrides {
  private Overrides() {}

  static Request apply(
      List<HeaderTemplate> overrides, Request request, Map<String, String> params) {
    var scope = scope(request, params);
    var result = request;
    for (var override : overrides) {
      result = with(result, override.name(), override.value().render(scope));
    }
    return result;
  }

  private static Request with(Request request, String name, String value) {
    return switch (name) {
      case ":authority" ->
          copy(request, request.scheme(), value, request.method(), request.target());
      case ":scheme" ->
          copy(request, value, request.authority(), request.method(), request.target());
      case ":method" ->
          copy(request, request.scheme(), request.authority(), value, request.target());
      case ":path" -> copy(request, request.scheme(), request.authority(), request.method(), value);
      default -> headers(request, request.headers().without(name::equals).with(name, value));
    };
  }

  private static Request copy(
      Request request, String scheme, String authority, String method, String target) {
    int query = target.indexOf('?');
    return new Request(
        request.id(),
        scheme,
        authority,
        method,
        query < 0 ? target : target.substring(0, query),
        query < 0 ? "" : target.substring(query + 1),
        request.headers(),
        request.body(),
        request.remote(),
        request.sessions());
  }

  static Request method(Request request, String method) {
    return copy(request, request.scheme(), request.authority(), method, request.target());
  }

  private static Request headers(Request request, Headers headers) {
    return new Request(
        request.id(),
        request.scheme(),
        request.authority(),
        request.method(),
        request.path(),
        request.query(),
        headers,
        request.body(),
        request.remote(),
        request.sessions());
  }

  private static Scope scope(Request request, Map<String, String> params) {
    return place ->
        switch (place) {
          case Part.Text(var text) -> Optional.of(text);
          case Part.Param(var name) -> Optional.ofNullable(params.get(name));
          case Part.Identity(var guard) ->
              Optional.ofNullable(request.sessions().get(guard)).flatMap(s -> s.identity());
          case Part.Attribute(var guard, var name) ->
              Optional.ofNullable(request.sessions().get(guard))
                  .map(session -> session.attributes().get(name));
          case Part.RequestHeader(var name) -> request.headers().first(name);
          case Part.Query(var name) -> QueryText.first(request.query(), name);
          case Part.Method() -> Optional.of(request.method());
          case Part.Path() -> Optional.of(request.path());
          case Part.Url() -> Optional.of(request.url());
          case Part.IdempotencyKey() -> request.headers().first("idempotency-key");
          case Part.CorrelationId(), Part.Status() -> Optional.empty();
        };
  }
}
