package io.tidegate.http;

import io.tidegate.base.Bytes;
import java.util.Map;
import java.util.regex.Pattern;

/// One request as it arrived, with what the listener found out about it.
///
/// @param id names the request in logs and replies
/// @param scheme `http` or `https`
/// @param authority host and port as the client gave them; the port is always there
/// @param path as sent: not decoded, without the query
/// @param query what follows the first `?`, or an empty text
/// @param headers without pseudo-headers and without hop-by-hop fields
/// @param body empty while only the head is known (see `Router`)
/// @param remote the peer's address, without the port
/// @param sessions who the caller proved to be, by name of the guard
public record Request(
    String id,
    String scheme,
    String authority,
    String method,
    String path,
    String query,
    Headers headers,
    Bytes body,
    String remote,
    Map<String, Session> sessions) {
  private static final Pattern SECRET_ID =
      Pattern.compile("(?<=/)([0-9a-f]{8})[0-9a-f]{24}(?=/|$)");

  /// Path and query, as `:path` carries them.
  public String target() {
    return query.isEmpty() ? path : path + "?" + query;
  }

  /// The path as logs and traces may have it: of the secret id of an endpoint only eight digits.
  public String shownPath() {
    return SECRET_ID.matcher(path).replaceAll("$1…");
  }

  /// The full inbound URL.
  public String url() {
    return scheme + "://" + authority + target();
  }

  public Request withMethod(String other) {
    return new Request(id, scheme, authority, other, path, query, headers, body, remote, sessions);
  }

  public Request withBody(Bytes content) {
    return new Request(
        id, scheme, authority, method, path, query, headers, content, remote, sessions);
  }

  public Request withHeaders(Headers other) {
    return new Request(id, scheme, authority, method, path, query, other, body, remote, sessions);
  }

  public Request withSessions(Map<String, Session> proved) {
    return new Request(
        id, scheme, authority, method, path, query, headers, body, remote, Map.copyOf(proved));
  }
}
