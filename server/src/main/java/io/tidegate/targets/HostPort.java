package io.tidegate.targets;

import io.tidegate.http.Call;
import io.tidegate.http.TargetUrl;
import java.util.Optional;

/// `host:port` as a destination names a broker, held to what URLs are held to.
record HostPort(String host, int port) {

  /// @param usual port for a text without one; 0: it must have one
  static Optional<HostPort> parse(String text, int usual) {
    if (text.isEmpty()
        || text.endsWith(":")
        || text.chars().anyMatch(c -> c <= ' ' || "/?#@\\".indexOf(c) >= 0)) {
      return Optional.empty();
    }
    boolean hasPort = text.lastIndexOf(':') > text.lastIndexOf(']');
    if (!hasPort && usual == 0) {
      return Optional.empty();
    }
    try {
      Call.Target target = TargetUrl.of("http", hasPort ? text : text + ":" + usual, "");
      return Optional.of(new HostPort(target.host(), target.port()));
    } catch (TargetUrl.Unfit unfit) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
