package io.tidegate.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.tidegate.guard.Guards;
import io.tidegate.plan.Listener;
import io.tidegate.plan.TlsServer;
import io.tidegate.vault.ServerTls;
import io.tidegate.vault.Watched;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What connections of a listener pass before anything is spoken on them: TLS, when there is any.
///
/// What is spoken inside knows nothing of it: it sees clear text. That is why certificates, guards
/// and routes can change while sockets and connections stay. Any thread.
final class Entrance implements AutoCloseable {
  /// On the channel of a server socket.
  static final AttributeKey<Entrance> KEY = AttributeKey.valueOf("tidegate.entrance");

  /// @param material certificates, as new as their files
  record Tls(TlsServer plan, Watched<ServerTls> material, Guards guards) {}

  private static final ThreadLocal<@Nullable Entrance> OPENING = new ThreadLocal<>();

  private final Edge edge;
  private final boolean proxied;
  private volatile Optional<Tls> tls;

  private Entrance(Edge edge, boolean proxied, Optional<Tls> tls) {
    this.edge = edge;
    this.proxied = proxied;
    this.tls = tls;
  }

  /// Fails with a `VaultFault` when certificates cannot be had.
  static Entrance open(Edge edge, Listener listener, Guards guards) {
    return new Entrance(edge, listener.proxied(), tls(edge, listener, guards));
  }

  /// Runs `listen`, which opens a server socket before it returns: that socket gets this entrance.
  <T> T around(Supplier<T> listen) {
    OPENING.set(this);
    try {
      return listen.get();
    } finally {
      OPENING.remove();
    }
  }

  /// The entrance of the server socket that this thread is opening, if it has one.
  static @Nullable Entrance opening() {
    return OPENING.get();
  }

  private static Optional<Tls> tls(Edge edge, Listener listener, Guards guards) {
    return listener
        .tls()
        .map(plan ->
            new Tls(
                plan,
                edge.vaults()
                    .watch(plan.name(), ServerTls.stores(plan), () -> ServerTls.load(plan)),
                guards));
  }

  /// The next connections follow these rules. Fails with a `VaultFault`, having changed nothing.
  void update(Listener listener, Guards guards) {
    var present = tls;
    if (present.isPresent() && listener.tls().equals(present.map(Tls::plan))) {
      tls = present.map(it -> new Tls(it.plan, it.material, guards));
      return;
    }
    tls = tls(edge, listener, guards);
    present.ifPresent(it -> it.material.close());
  }

  /// Puts what the listener demands behind `peer`, before the first byte.
  void furnish(Channel channel, Peer peer) {
    if (proxied) {
      channel
          .pipeline()
          .addAfter("peer", "proxy", new ProxyHeader(peer, edge.limits().waits().head()));
    }
    tls.ifPresent(rules -> secure(channel.pipeline(), rules, port(channel), peer));
  }

  private void secure(ChannelPipeline pipeline, Tls rules, int port, Peer peer) {
    var engine = rules.material.current().engine(port);
    var handler = new SslHandler(engine, edge.handshakes());
    var limit = edge.limits().waits().head().toMillis();
    handler.setHandshakeTimeoutMillis(limit);
    handler.setCloseNotifyFlushTimeout(limit, TimeUnit.MILLISECONDS);
    pipeline.addAfter(pipeline.get("proxy") == null ? "peer" : "proxy", "tls", handler);
    pipeline.addAfter("tls", "handshake", new TlsHandshake(rules, port, peer, handler));
  }

  private static int port(Channel channel) {
    return channel.localAddress() instanceof InetSocketAddress inet ? inet.getPort() : 0;
  }

  @Override
  public void close() {
    tls.ifPresent(it -> it.material.close());
  }
}
