package io.tidegate.edge;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.tidegate.base.AddressText;
import io.tidegate.http.Client.Failure;
import io.tidegate.http.Client.Limits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/// A connection on its way to being open.
///
///     resolve the name --> judge each address --> connect to one after the other
///       --> through the proxy --> TLS --> HTTP/1.1 or HTTP/2
///
/// What is connected to is the address that was judged: the name is not looked up a second time.
final class Dialling {
  private static final Duration PROXIED_NAME = Duration.ofSeconds(1);
  private static final long SHORTEST_TRY = 250;

  private final OutboundPool pool;
  private final OutboundWay way;
  private final Destination destination;
  private final Limits limits;
  private final List<InetAddress> candidates = new ArrayList<>();
  private int port;
  private long since = System.nanoTime();
  private long name = -1;
  private long connect = -1;
  private long tls = -1;
  private boolean over;
  private @Nullable Channel channel;
  private @Nullable Future<?> alarm;

  Dialling(OutboundPool pool, Limits limits) {
    this.pool = pool;
    this.way = pool.loop.way;
    this.destination = pool.destination;
    this.limits = limits;
  }

  void start() {
    var plan = way.plan();
    if (destination.secure() && way.engines().isEmpty()) {
      fail(
          Failure.REFUSED_ADDRESS,
          "https is not spoken here: there is no tls client behind " + plan.name());
    } else if (plan.fixed().isPresent()) {
      trusted(plan.fixed().get().host(), plan.fixed().get().port());
    } else if (plan.proxy().isPresent()) {
      var proxy = plan.proxy().get();
      judgeForProxy(() -> trusted(proxy.host(), proxy.port()));
    } else {
      judge(destination.host(), destination.port());
    }
  }

  /// To a server that the configuration names, which may be anywhere.
  private void trusted(String host, int at) {
    port = at;
    resolve(
        host,
        limits.connect(),
        found -> {
          candidates.addAll(found);
          connect();
        },
        detail -> fail(Failure.UNKNOWN_HOST, detail));
  }

  private void judge(String host, int at) {
    port = at;
    var refused = way.rules().refusal(host);
    if (refused.isPresent()) {
      fail(Failure.REFUSED_ADDRESS, refused.get());
      return;
    }
    resolve(
        host,
        limits.connect(),
        found -> judge(host, found),
        detail -> fail(Failure.UNKNOWN_HOST, detail));
  }

  private void judge(String host, List<InetAddress> found) {
    var refused = "";
    for (var address : found) {
      var refusal = way.rules().refusal(host, address);
      if (refusal.isEmpty()) {
        candidates.add(address);
      } else if (refused.isEmpty()) {
        refused = refusal.get();
      }
    }
    if (candidates.isEmpty()) {
      fail(Failure.REFUSED_ADDRESS, refused);
    } else {
      connect();
    }
  }

  /// The proxy looks the name up by itself, and may be the only one that can. So a name that is
  /// known here must lead to nothing but good addresses, and one that is not known may pass.
  private void judgeForProxy(Runnable fine) {
    var host = destination.host();
    var refused = way.rules().refusal(host);
    if (refused.isPresent()) {
      fail(Failure.REFUSED_ADDRESS, refused.get());
      return;
    }
    resolve(
        host,
        limits.connect().compareTo(PROXIED_NAME) < 0 ? limits.connect() : PROXIED_NAME,
        found -> {
          for (var address : found) {
            var refusal = way.rules().refusal(host, address);
            if (refusal.isPresent()) {
              fail(Failure.REFUSED_ADDRESS, refusal.get());
              return;
            }
          }
          fine.run();
        },
        _ -> fine.run());
  }

  private void resolve(
      String host, Duration limit, Consumer<List<InetAddress>> found, Consumer<String> unknown) {
    var literal = AddressText.parse(host);
    if (literal.isPresent()) {
      found.accept(List.of(literal.get()));
    } else if (AddressText.isNumeric(host) || host.indexOf(':') >= 0) {
      unknown.accept("'" + host + "' is neither a name nor an address");
    } else if (isLocal(host)) {
      found.accept(List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")));
    } else {
      ask(host, limit, found, unknown);
    }
  }

  /// What these names mean is no question for a name server (RFC 6761, 6.3).
  private static boolean isLocal(String host) {
    var plain = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return plain.equals("localhost") || plain.endsWith(".localhost");
  }

  private void ask(
      String host, Duration limit, Consumer<List<InetAddress>> found, Consumer<String> unknown) {
    var answer = pool.loop.names.resolve(host);
    boolean[] heard = new boolean[1];
    limit(
        limit,
        () -> {
          heard[0] = true;
          unknown.accept("the name " + host + " was not resolved within " + shown(limit.toNanos()));
        });
    answer.addListener(_ -> {
      if (over || heard[0]) {
        return;
      }
      calm();
      name = lap();
      if (answer.isSuccess() && !answer.getNow().isEmpty()) {
        found.accept(answer.getNow());
      } else {
        unknown.accept("the name " + host + " is not known");
      }
    });
  }

  /// The next of the addresses that are fine, in its share of the time that is left.
  private void connect() {
    long left = limits.connect().toMillis() - (System.nanoTime() - since) / 1_000_000;
    long share = Math.max(left / candidates.size(), Math.min(SHORTEST_TRY, left));
    var address = candidates.removeFirst();
    if (share <= 0) {
      timedOut(address);
      return;
    }
    var connecting =
        new Bootstrap()
            .group(pool.loop.loop.eventLoop)
            .channelFactory(way.edge().sockets().channelFactory(false))
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(share, 600_000))
            .handler(new ChannelInboundHandlerAdapter())
            .connect(new InetSocketAddress(address, port));
    channel = connecting.channel();
    connecting.addListener(_ -> {
      if (over) {
        var _ = connecting.channel().close();
      } else if (connecting.isSuccess()) {
        connected(connecting.channel());
      } else if (!candidates.isEmpty()) {
        connect();
      } else if (connecting.cause() instanceof ConnectTimeoutException) {
        timedOut(address);
      } else {
        fail(Failure.CONNECT, unreachable(address, connecting.cause()));
      }
    });
  }

  private void timedOut(InetAddress address) {
    fail(
        Failure.CONNECT_TIMEOUT,
        "no connection to "
            + Authority.of(address.getHostAddress(), port)
            + " within "
            + shown(limits.connect().toNanos()));
  }

  private String unreachable(InetAddress address, Throwable cause) {
    var at = Authority.of(address.getHostAddress(), port);
    return cause instanceof java.net.ConnectException
        ? at + " refused the connection"
        : at + " cannot be reached: " + cause.getClass().getSimpleName();
  }

  private void connected(Channel open) {
    connect = lap();
    if (way.tunnels(destination)) {
      limit(
          limits.connect(),
          () -> fail(Failure.CONNECT_TIMEOUT, "the proxy made no connection in time"));
      open.pipeline()
          .addLast(
              new ProxyTunnel(
                  destination.toString(),
                  () -> {
                    calm();
                    connect += lap();
                    encrypt(open);
                  },
                  why -> fail(Failure.CONNECT, "the proxy made no connection: " + why)));
    } else if (destination.secure()) {
      encrypt(open);
    } else {
      speak(open, way.priorKnowledge());
    }
  }

  private void encrypt(Channel open) {
    var engines = way.engines().orElseThrow();
    var engine = engines.engine(destination.host(), destination.port());
    var ssl = new SslHandler(engine, way.edge().handshakes());
    ssl.setHandshakeTimeoutMillis(limits.tls().toMillis());
    var quiet = new Quiet();
    open.pipeline().addLast(ssl, quiet);
    ssl.handshakeFuture()
        .addListener(_ -> {
          if (over) {
            return;
          }
          tls = lap();
          if (!ssl.handshakeFuture().isSuccess()) {
            fail(Failure.TLS, tlsFault(ssl.handshakeFuture().cause()));
          } else if (!isHttp2(engine) && !engines.offersHttp1()) {
            fail(Failure.PROTOCOL, destination + " does not speak HTTP/2");
          } else {
            open.pipeline().remove(quiet);
            speak(open, isHttp2(engine));
          }
        });
  }

  private static boolean isHttp2(SSLEngine engine) {
    return "h2".equals(engine.getApplicationProtocol());
  }

  private String tlsFault(Throwable cause) {
    return TlsFault.of(cause, destination.host())
        .orElse(destination + " closed the connection during the TLS handshake");
  }

  private void speak(Channel open, boolean http2) {
    var address =
        open.remoteAddress() instanceof InetSocketAddress there
            ? there.getAddress().getHostAddress()
            : "";
    if (!http2) {
      opened(Http1Line.on(open, pool, address));
      return;
    }
    limit(
        limits.connect(),
        () -> fail(Failure.PROTOCOL, destination + " did not begin to speak HTTP/2"));
    Http2Line.on(
        open,
        pool,
        address,
        this::opened,
        cause ->
            TlsFault.of(cause, destination.host())
                .ifPresentOrElse(
                    why -> fail(Failure.TLS, why),
                    () -> fail(Failure.PROTOCOL, destination + " does not speak HTTP/2")));
  }

  private void opened(OutboundLine line) {
    if (over) {
      return;
    }
    over = true;
    calm();
    pool.opened(this, line);
  }

  /// For the call that a connection was made for.
  void tellTimes(OutboundCall call) {
    call.made(name, connect, tls);
  }

  private void fail(Failure failure, String detail) {
    if (!over) {
      abort();
      pool.failed(this, failure, detail);
    }
  }

  void abort() {
    over = true;
    calm();
    if (channel != null) {
      var _ = channel.close();
    }
  }

  private long lap() {
    long now = System.nanoTime();
    long lap = now - since;
    since = now;
    return lap;
  }

  private void limit(Duration limit, Runnable late) {
    calm();
    alarm =
        pool.loop.loop.eventLoop.schedule(
            () -> {
              if (!over) {
                late.run();
              }
            },
            limit.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  private void calm() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }

  private static String shown(long nanos) {
    return OutboundCall.shown(nanos);
  }

  /// What fails during a handshake is told by the handshake.
  private static final class Quiet extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable known) {
      var _ = context.close();
    }
  }
}
