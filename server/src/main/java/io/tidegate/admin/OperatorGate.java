package io.tidegate.admin;

import io.tidegate.base.Secret;
import io.tidegate.http.Problem;
import io.tidegate.http.Request;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Lets operators in, and nobody else: the key as a bearer token; a `Host` that no stranger's name
/// server can point here; no pages of other origins. Any thread.
///
/// @param key of the operators
/// @param hosts names besides `localhost` and addresses under which the listener is known
public record OperatorGate(Secret key, Set<String> hosts) {
  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");

  public OperatorGate {
    hosts = Set.copyOf(hosts);
  }

  /// Returns, or refuses.
  void check(Request head) {
    checkPlace(head);
    if (!isOperator(head)) {
      throw Problem.of(401, "unauthorized", "the operator's key is needed, as a bearer token")
          .with("www-authenticate", "Bearer realm=\"tidegate\"")
          .refuse();
    }
  }

  /// Whoever asks: not by a stranger's name for us, not from a page of another origin.
  void checkPlace(Request head) {
    if (!isOurs(host(head.authority()))) {
      throw Problem.of(421, "misdirected", "this host name is not served here").refuse();
    }
    var origin = head.headers().first("origin");
    if (origin.isPresent() && !isSameOrigin(origin.get(), head)) {
      throw Problem.of(403, "forbidden_origin", "pages of other origins may not ask").refuse();
    }
  }

  boolean isOperator(Request head) {
    return bearer(head).map(key::matches).orElse(false);
  }

  private boolean isOurs(String host) {
    return host.equals("localhost") || ADDRESS.matcher(host).matches() || hosts.contains(host);
  }

  private static String host(String authority) {
    var lower = authority.toLowerCase(Locale.ROOT);
    var colon = lower.lastIndexOf(':');
    return colon > lower.lastIndexOf(']') ? lower.substring(0, colon) : lower;
  }

  private static boolean isSameOrigin(String origin, Request head) {
    var own = head.scheme() + "://" + head.authority();
    var port = head.scheme().equals("https") ? ":443" : ":80";
    var said = origin.toLowerCase(Locale.ROOT);
    return said.equals(own) || (said + port).equals(own);
  }

  static Optional<String> bearer(Request head) {
    return head.headers()
        .first("authorization")
        .filter(value -> value.regionMatches(true, 0, "bearer ", 0, 7))
        .map(value -> value.substring(7).strip());
  }
}
