package io.tidegate.targets;

import io.tidegate.base.Secret;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// An exchange of a broker, and as whom it is spoken to. An exchange has a connection of its own,
/// since a mistake about it ends what is under way.
record RabbitSite(
    HostPort server,
    String virtualHost,
    String exchange,
    boolean tls,
    String user,
    Secret password) {
  private static final int PORT = 5672;
  private static final int TLS_PORT = 5671;

  static Optional<HostPort> server(String url, boolean tls) {
    int slash = url.indexOf('/');
    return HostPort.parse(slash < 0 ? url : url.substring(0, slash), tls ? TLS_PORT : PORT)
        .filter(_ -> isDecodable(url));
  }

  private static boolean isDecodable(String url) {
    try {
      return virtualHost(url).length() <= 255;
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }

  /// What follows the slash; `/` when there is none, or nothing behind it.
  static String virtualHost(String url) {
    int slash = url.indexOf('/');
    var name = slash < 0 ? "" : url.substring(slash + 1).replace("+", "%2B");
    return name.isEmpty() ? "/" : URLDecoder.decode(name, StandardCharsets.UTF_8);
  }
}
