package io.tidegate.edge;

import io.netty.handler.codec.http.HttpHeaders;
import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Request;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A request's head as it is read off the socket: the `Request` that others see, and what only the
/// listener needs to know. Filled in one pass over the header fields.
final class RequestHead {
  private static final int LONGEST_ID = 128;

  private final HttpServerRequest wire;
  private final Peer peer;
  private final List<Headers.Field> fields = new ArrayList<>(12);

  private @Nullable String host;
  private @Nullable String connection;
  private @Nullable StringBuilder cookies;
  private @Nullable String id;

  /// `origin`, when there is one.
  @Nullable String origin;

  /// `content-length`; -1 when there is none.
  long length = -1;

  boolean chunked;
  boolean continueExpected;

  /// The caller wants a WebSocket; then, and only then, `upgrade` is among the headers.
  boolean webSocket;

  RequestHead(HttpServerRequest wire, Peer peer) {
    this.wire = wire;
    this.peer = peer;
  }

  private boolean http1() {
    return wire.version() != HttpVersion.HTTP_2;
  }

  /// The request, or a refusal.
  Request read() {
    readFields();
    var target = RequestTarget.parse(wire.uri() == null ? "" : wire.uri());
    var scheme = peer.scheme();
    return new Request(
        id(),
        scheme,
        peer.authority(host(target), scheme),
        wire.method().name(),
        target.path(),
        target.query(),
        Headers.of(upgraded(nominated(fields))),
        Bytes.EMPTY,
        peer.remote(),
        peer.sessions());
  }

  /// The caller's own `x-request-id` when it can be put into a log, else a new one.
  String id() {
    var known = id;
    if (known == null) {
      known = peer.loop().nextId();
      id = known;
    }
    return known;
  }

  private void readFields() {
    if (wire.headers() instanceof HttpHeaders http1) {
      var each = http1.iteratorCharSequence();
      while (each.hasNext()) {
        var field = each.next();
        take(FieldNames.lower(field.getKey()), field.getValue().toString());
      }
    } else {
      for (var field : wire.headers()) {
        take(field.getKey().toLowerCase(Locale.ROOT), field.getValue());
      }
    }
    if (cookies != null) {
      fields.add(new Headers.Field("cookie", cookies.toString()));
    }
  }

  private void take(String name, String raw) {
    var value = FieldText.received(name, raw);
    switch (name) {
      case "host" -> host(value);
      case "connection" -> connection = connection == null ? value : connection + "," + value;
      case "transfer-encoding" -> encoding(value);
      case "upgrade" -> webSocket = value.equalsIgnoreCase("websocket");
      case "keep-alive", "te", "trailer", "http2-settings", "proxy-connection" -> {}
      case "expect" -> expect(value);
      case "cookie" ->
          cookies = cookies == null ? new StringBuilder(value) : cookies.append("; ").append(value);
      default -> {
        switch (name) {
          case "content-length" -> length = length(value);
          case "origin" -> origin = value;
          case "x-request-id" -> id = sane(value) ? value : id;
          default -> {}
        }
        fields.add(new Headers.Field(name, value));
      }
    }
  }

  private void host(String value) {
    if (host != null) {
      throw Problem.of(400, "bad_host", "there is more than one host header").refuse();
    }
    host = value;
  }

  private void encoding(String value) {
    if (chunked || !value.equalsIgnoreCase("chunked")) {
      throw Problem.of(501, "unknown_transfer_coding", "only chunked is understood").refuse();
    }
    chunked = true;
  }

  private void expect(String value) {
    if (!value.equalsIgnoreCase("100-continue")) {
      throw Problem.of(417, "unknown_expectation", "only 100-continue is understood").refuse();
    }
    continueExpected = true;
  }

  private static long length(String value) {
    try {
      var length = Long.parseLong(value.strip());
      if (length >= 0) {
        return length;
      }
    } catch (NumberFormatException malformed) {
      // said below, together with the negative ones
    }
    throw Problem.of(400, "bad_content_length", "content-length is not a number").refuse();
  }

  private static boolean sane(String id) {
    if (id.isEmpty() || id.length() > LONGEST_ID) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      if (id.charAt(i) <= ' ' || id.charAt(i) >= 0x7f) {
        return false;
      }
    }
    return true;
  }

  private String host(RequestTarget target) {
    if (!target.authority().isEmpty()) {
      return target.authority();
    }
    if (!http1() && wire.authority(true) != null) {
      return wire.authority(true).toString();
    }
    if (host != null) {
      return host;
    }
    if (wire.authority() != null) {
      return wire.authority().toString();
    }
    if (wire.version() == HttpVersion.HTTP_1_0) {
      return peer.local();
    }
    throw Problem.of(400, "no_host", "a request must name its host").refuse();
  }

  /// Without the fields that `connection` names: they are meant for this hop alone.
  private List<Headers.Field> nominated(List<Headers.Field> all) {
    if (connection == null || harmless(connection)) {
      return all;
    }
    var names = List.of(connection.toLowerCase(Locale.ROOT).replace(" ", "").split(",", -1));
    return all.stream().filter(field -> !names.contains(field.name())).toList();
  }

  /// Routes may choose by it, though it is meant for this hop.
  private List<Headers.Field> upgraded(List<Headers.Field> all) {
    if (!webSocket) {
      return all;
    }
    var asked = connection == null ? "" : connection.toLowerCase(Locale.ROOT).replace(" ", "");
    webSocket &= http1() && List.of(asked.split(",", -1)).contains("upgrade");
    if (!webSocket) {
      return all;
    }
    var more = new ArrayList<>(all);
    more.add(new Headers.Field("upgrade", "websocket"));
    return more;
  }

  private static boolean harmless(String connection) {
    return connection.equalsIgnoreCase("keep-alive") || connection.equalsIgnoreCase("close");
  }
}
