package io.tidegate.edge;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Asks the name servers of the machine, without a thread that waits: a name whose servers are dead
/// holds up no other. The hosts file is heard first. Answers are kept for a short while, so that a
/// name that moves is followed.
final class DnsNames implements Names {
  private static final Duration KEPT = Duration.ofSeconds(10);
  private static final Duration KEPT_FAILURE = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int NAMES = 4096;

  private final DnsNameResolver resolver;
  private final Map<String, Answer> answers =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
          return size() > NAMES;
        }
      };

  private DnsNames(Edge edge, EventLoop loop, DnsServerAddressStreamProvider servers) {
    this.resolver =
        new DnsNameResolverBuilder(loop)
            .datagramChannelFactory(edge.sockets().datagramChannelFactory())
            .socketChannelFactory(
                () -> (SocketChannel) edge.sockets().channelFactory(false).newChannel())
            .nameServerProvider(servers)
            .queryTimeoutMillis(PATIENCE.toMillis())
            .resolveCache(NoopDnsCache.INSTANCE)
            .cnameCache(NoopDnsCnameCache.INSTANCE)
            .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
            .build();
  }

  /// @param servers who is asked
  record Maker(Edge edge, DnsServerAddressStreamProvider servers) implements Names.Maker {

    /// Asks those that the machine asks.
    Maker(Edge edge) {
      this(edge, DnsServerAddressStreamProviders.platformDefault());
    }

    @Override
    public Names on(EventLoop loop) {
      return new DnsNames(edge, loop, servers);
    }
  }

  @Override
  public Future<List<InetAddress>> resolve(String host) {
    long now = System.nanoTime();
    var known = answers.get(host);
    if (known != null && now - known.until < 0) {
      return known.asked;
    }
    var asked = resolver.resolveAll(host);
    var answer = new Answer(asked, now + KEPT.toNanos());
    answers.put(host, answer);
    asked.addListener(_ -> {
      if (!asked.isSuccess()) {
        answer.until = System.nanoTime() + KEPT_FAILURE.toNanos();
      }
    });
    return asked;
  }

  @Override
  public void close() {
    answers.clear();
    resolver.close();
  }

  private static final class Answer {
    final Future<List<InetAddress>> asked;
    long until;

    Answer(Future<List<InetAddress>> asked, long until) {
      this.asked = asked;
      this.until = until;
    }
  }
}
