package io.tidegate.broker;

/// A Kafka node that lives and dies with us. Safe for use by any thread.
public interface Broker extends AutoCloseable {

  /// Where clients of this machine reach it: `127.0.0.1:port`. The same after a restart, as long as
  /// nobody else takes the port.
  String bootstrap();

  /// False once it has stopped, by `close` or by a fault of its own.
  boolean isRunning();

  /// The disk its data lies on; below the watermark writes should be refused.
  DiskSpace disk();

  /// Stops it in an orderly way within about ten seconds, or gives up and says so in the log. May
  /// be called twice, and from a shutdown hook.
  @Override
  void close();
}
