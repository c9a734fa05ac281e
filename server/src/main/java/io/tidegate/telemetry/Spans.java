package io.tidegate.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.tidegate.http.Headers;
import io.tidegate.http.Request;
import io.tidegate.http.Tracing;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A span for each request of a listener, a child of the caller's if there is one. Names of
/// attributes are those of OpenTelemetry's semantic conventions for HTTP servers.
final class Spans implements Tracing {
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
  private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
  private static final AttributeKey<String> AUTHORITY = AttributeKey.stringKey("server.address");
  private static final AttributeKey<String> CLIENT = AttributeKey.stringKey("client.address");
  private static final AttributeKey<String> LISTENER = AttributeKey.stringKey("tidegate.listener");
  private static final AttributeKey<String> REQUEST = AttributeKey.stringKey("tidegate.request.id");
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");
  private static final int SERVER_ERROR = 500;

  private static final TextMapGetter<Headers> HEADERS =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Headers headers) {
          return headers.fields().stream().map(Headers.Field::name).toList();
        }

        @Override
        public @Nullable String get(@Nullable Headers headers, String name) {
          return headers == null ? null : headers.first(name.toLowerCase(Locale.ROOT)).orElse(null);
        }
      };

  private final Tracer tracer;
  private final String listener;

  Spans(Tracer tracer, String listener) {
    this.tracer = tracer;
    this.listener = listener;
  }

  @Override
  public Span begin(Request request) {
    var propagator = W3CTraceContextPropagator.getInstance();
    var parent = propagator.extract(Context.root(), request.headers(), HEADERS);
    var span =
        tracer
            .spanBuilder(request.method())
            .setParent(parent)
            .setSpanKind(SpanKind.SERVER)
            .setAttribute(METHOD, request.method())
            .setAttribute(PATH, request.shownPath())
            .setAttribute(SCHEME, request.scheme())
            .setAttribute(AUTHORITY, request.authority())
            .setAttribute(CLIENT, request.remote())
            .setAttribute(LISTENER, listener)
            .setAttribute(REQUEST, request.id())
            .startSpan();
    var headers = new HandedOn(request.headers());
    propagator.inject(
        parent.with(span),
        headers,
        (carrier, name, value) -> {
          if (carrier != null) {
            carrier.set(name, value);
          }
        });
    return new Open(span, request.withHeaders(headers.headers));
  }

  /// The request's headers, with ours in place of the caller's.
  private static final class HandedOn {
    private Headers headers;

    HandedOn(Headers headers) {
      this.headers = headers;
    }

    void set(String name, String value) {
      headers = headers.without(name::equals).with(name, value);
    }
  }

  private record Open(io.opentelemetry.api.trace.Span span, Request request) implements Span {
    @Override
    public void end(int status) {
      span.setAttribute(STATUS, (long) status);
      if (status >= SERVER_ERROR) {
        span.setStatus(StatusCode.ERROR);
      }
      span.end();
    }
  }
}
