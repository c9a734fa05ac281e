package io.tidegate.edge;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.util.List;

/// Who knows the addresses of host names. Used on one event loop.
interface Names extends AutoCloseable {

  /// All addresses, the best first. Fails when there are none; may take its time.
  Future<List<InetAddress>> resolve(String host);

  @Override
  void close();

  /// Makes one for each event loop.
  interface Maker {
    Names on(EventLoop loop);
  }
}
