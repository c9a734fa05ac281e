package io.tidegate.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.tidegate.guard.CertificateGuard;
import io.tidegate.guard.Verdict;
import io.tidegate.http.Session;
import io.tidegate.plan.TlsServer;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Waits for the end of a handshake, lets the guard see the caller's certificates, and closes what
/// no route takes. Broken handshakes end here, without a word in the log above debug: any stranger
/// can cause them.
@SuppressWarnings("FutureReturnValueIgnored") // when a close fails, the connection is closed
final class TlsHandshake extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(TlsHandshake.class);

  private final Entrance.Tls rules;
  private final int port;
  private final Peer peer;
  private final SslHandler tls;

  TlsHandshake(Entrance.Tls rules, int port, Peer peer, SslHandler tls) {
    this.rules = rules;
    this.port = port;
    this.peer = peer;
    this.tls = tls;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent ended) {
      if (ended.isSuccess()) {
        shaken(context);
      } else {
        report(ended.cause());
      }
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) {
    peer.heard();
    context.fireChannelRead(bytes);
  }

  private void shaken(ChannelHandlerContext context) {
    var session = tls.engine().getSession();
    var sessions = judge(session);
    var protocol = Optional.ofNullable(tls.engine().getApplicationProtocol()).orElse("");
    var name = name(session);
    if (rules.plan().routes().stream().anyMatch(it -> takes(it, name, protocol, sessions))) {
      peer.secured(context, sessions);
    } else {
      LOG.atDebug()
          .addKeyValue("tls", rules.plan().name())
          .addKeyValue("remote", peer.remote())
          .addKeyValue("name", name)
          .addKeyValue("protocol", protocol)
          .log("no route takes this connection");
      context.close();
    }
  }

  private boolean takes(
      TlsServer.Route route, String name, String protocol, Map<String, Session> sessions) {
    return Gate.accepts(route.guarded(), sessions)
        && (route.when().isEmpty()
            || route.when().stream().anyMatch(match -> match.takes(name, protocol, port)));
  }

  private Map<String, Session> judge(SSLSession session) {
    var guard = rules.plan().guard().flatMap(rules.guards()::find);
    var chain = chain(session);
    if (chain.isEmpty() || !(guard.orElse(null) instanceof CertificateGuard judge)) {
      return Map.of();
    }
    return switch (judge.judge(chain)) {
      case Verdict.Accepted(var proved) -> Map.of(proved.guard(), proved);
      case Verdict.Rejected(var reason) -> {
        LOG.atInfo()
            .addKeyValue("guard", judge.name())
            .addKeyValue("remote", peer.remote())
            .addKeyValue("reason", reason)
            .log("a client certificate was rejected");
        yield Map.of();
      }
    };
  }

  private static List<X509Certificate> chain(SSLSession session) {
    try {
      var chain = new ArrayList<X509Certificate>();
      for (var certificate : session.getPeerCertificates()) {
        if (certificate instanceof X509Certificate x509) {
          chain.add(x509);
        }
      }
      return chain;
    } catch (SSLPeerUnverifiedException none) {
      return List.of();
    }
  }

  private static String name(SSLSession session) {
    if (session instanceof ExtendedSSLSession extended) {
      for (var name : extended.getRequestedServerNames()) {
        if (name instanceof SNIHostName host) {
          return host.getAsciiName().toLowerCase(Locale.ROOT);
        }
      }
    }
    return "";
  }

  private void report(Throwable cause) {
    LOG.atDebug()
        .addKeyValue("tls", rules.plan().name())
        .addKeyValue("remote", peer.remote())
        .addKeyValue("cause", String.valueOf(cause))
        .log("a handshake failed");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (peer.isSecured()) {
      context.fireExceptionCaught(cause);
    } else {
      context.close();
    }
  }
}
