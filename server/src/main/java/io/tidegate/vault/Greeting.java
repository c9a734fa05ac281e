package io.tidegate.vault;

import io.tidegate.plan.TlsServer;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.StandardConstants;

/// What one caller says before anything is agreed on: the name of the server it wants, and the
/// protocols it could speak.
///
/// The name is only known here while the protocol is chosen: with TLS 1.3 there is no session yet.
final class Greeting extends SNIMatcher {
  private final TlsServer plan;
  private final int port;
  private String name = "";

  Greeting(TlsServer plan, int port) {
    super(StandardConstants.SNI_HOST_NAME);
    this.plan = plan;
    this.port = port;
  }

  /// False ends the handshake.
  @Override
  public boolean matches(SNIServerName asked) {
    try {
      name = new SNIHostName(asked.getEncoded()).getAsciiName().toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException noHostName) {
      return false;
    }
    return plan.names().isEmpty() || plan.names().stream().anyMatch(this::covers);
  }

  private boolean covers(String accepted) {
    return accepted.startsWith("*.") ? name.endsWith(accepted.substring(1)) : accepted.equals(name);
  }

  /// The most wanted of the protocols that some route takes, or an empty text for none.
  String choose(List<String> offered) {
    for (var protocol : plan.protocols()) {
      if (offered.contains(protocol)
          && plan.routes().stream().anyMatch(it -> takes(it, protocol))) {
        return protocol;
      }
    }
    return "";
  }

  /// Guards judge later, when there are certificates.
  private boolean takes(TlsServer.Route route, String protocol) {
    return route.when().isEmpty()
        || route.when().stream().anyMatch(match -> match.takes(name, protocol, port));
  }
}
