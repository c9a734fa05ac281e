package io.tidegate.edge;

import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which addresses this process listens on; and a clear word when one cannot be had.
///
/// Two of our own listeners on one address would share its connections without a complaint, so they
/// are kept apart here.
final class Ports {
  private final Map<String, String> owners = new HashMap<>();
  private int free;

  /// Names one wish for any free port, by which the servers on several event loops share it.
  synchronized int anyFree() {
    return ++free;
  }

  synchronized void claim(String host, int port, String listener) {
    if (port == 0) {
      return;
    }
    var owner = owners.putIfAbsent(Authority.of(host, port), listener);
    if (owner != null) {
      throw new BindFailure(
          "%s cannot listen on %s: %s listens there already; give one of them another port"
              .formatted(listener, Authority.of(host, port), owner));
    }
  }

  synchronized void release(String host, int port, String listener) {
    owners.remove(Authority.of(host, port), listener);
  }

  static BindFailure failure(SocketAddress address, String listener, @Nullable Throwable cause) {
    var where = Authority.of(address.host(), Math.max(0, address.port()));
    var message = cause == null ? null : cause.getMessage();
    var detail = message == null ? String.valueOf(cause) : message;
    if (detail.contains("in use")) {
      return new BindFailure(
          "%s cannot listen on %s: the port is in use%s; stop that process or choose another port"
              .formatted(listener, where, PortHolder.of(address.port())));
    }
    if (detail.contains("assign")) {
      return new BindFailure(
          "%s cannot listen on %s: this machine has no such address; use one of its own or 0.0.0.0"
              .formatted(listener, where));
    }
    if (cause instanceof IOException && detail.contains("denied")) {
      return new BindFailure(
          "%s cannot listen on %s: permission denied; ports below 1024 need a privilege"
              .formatted(listener, where));
    }
    return new BindFailure("%s cannot listen on %s: %s".formatted(listener, where, detail));
  }
}
