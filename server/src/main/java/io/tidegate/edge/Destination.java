package io.tidegate.edge;

import io.tidegate.http.Call;

/// Requests to the same one may share connections.
record Destination(boolean secure, String host, int port) {

  static Destination of(Call call) {
    var target = call.target();
    return new Destination(target.isSecure(), target.host(), target.port());
  }

  @Override
  public String toString() {
    return Authority.of(host, port);
  }
}
