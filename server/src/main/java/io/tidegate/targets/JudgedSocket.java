package io.tidegate.targets;

import io.tidegate.outbox.Undelivered;
import io.tidegate.outbox.Ways;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// A connection to an address that was judged, with TLS on it or without. Waits: not for event
/// loops.
final class JudgedSocket {
  private JudgedSocket() {}

  static Socket open(HostPort at, boolean tls, Ways ways) throws Undelivered {
    if (tls && ways.tls().isEmpty()) {
      throw Undelivered.never(
          "refused_address", "TLS is not spoken here: there is no tls client behind the binding");
    }
    var socket = connect(at, ways);
    return tls ? encrypt(socket, at, ways.tls().orElseThrow().get(), ways) : socket;
  }

  /// One of its addresses after the other, each in its share of the time.
  private static Socket connect(HostPort at, Ways ways) throws Undelivered {
    var addresses = new JudgedNames(ways.addresses()).find(at.host());
    int share = (int) Math.max(ways.limits().connect().toMillis() / addresses.size(), 250);
    var why = Undelivered.failed("connect", at + " cannot be reached");
    for (var address : addresses) {
      try {
        return connect(address, at.port(), share);
      } catch (SocketTimeoutException late) {
        why =
            Undelivered.failed(
                "connect_timeout",
                "no connection to %s port %d within %d ms"
                    .formatted(address.getHostAddress(), at.port(), share));
      } catch (IOException refused) {
        why =
            Undelivered.failed(
                "connect",
                "%s port %d cannot be connected to".formatted(address.getHostAddress(), at.port()));
      }
    }
    throw why;
  }

  private static Socket connect(InetAddress address, int port, int millis) throws IOException {
    var socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      socket.connect(new InetSocketAddress(address, port), millis);
      return socket;
    } catch (IOException failed) {
      socket.close();
      throw failed;
    }
  }

  private static Socket encrypt(Socket socket, HostPort at, SSLContext context, Ways ways)
      throws Undelivered {
    try {
      socket.setSoTimeout((int) ways.limits().tls().toMillis());
      var secure =
          (SSLSocket) context.getSocketFactory().createSocket(socket, at.host(), at.port(), true);
      var parameters = secure.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secure.setSSLParameters(parameters);
      secure.startHandshake();
      secure.setSoTimeout(0);
      return secure;
    } catch (IOException failed) {
      close(socket);
      throw Undelivered.failed("tls", "the TLS handshake with " + at + " failed");
    }
  }

  static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException already) {
      // it is of no use any more either way
    }
  }
}
