package io.tidegate.edge;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.tidegate.base.AddressText;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Names that a test makes up. `silent.example` is never answered.
final class KnownNames implements Names.Maker {
  private final Map<String, List<InetAddress>> known = new ConcurrentHashMap<>();
  final AtomicInteger asked = new AtomicInteger();

  KnownNames with(String name, String... addresses) {
    known.put(
        name, Arrays.stream(addresses).map(text -> AddressText.parse(text).orElseThrow()).toList());
    return this;
  }

  @Override
  public Names on(EventLoop loop) {
    return new Names() {
      @Override
      public Future<List<InetAddress>> resolve(String host) {
        asked.incrementAndGet();
        if (host.equals("silent.example")) {
          return loop.newPromise();
        }
        var found = known.get(host);
        if (found == null && host.endsWith(".many.example")) {
          found = List.of(InetAddress.ofLiteral("127.0.0.1"));
        }
        return found == null
            ? loop.newFailedFuture(new UnknownHostException(host))
            : loop.newSucceededFuture(found);
      }

      @Override
      public void close() {}
    };
  }
}
