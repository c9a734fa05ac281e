package io.tidegate.edge;

/// An open connection to one destination. Used on its event loop.
interface OutboundLine {

  /// False when it cannot take it; then nothing has been sent, and this line is of no more use.
  boolean send(OutboundCall call);

  /// Nobody waits for that call any more.
  void abandon(OutboundCall call);

  /// Whether several calls may be on it at a time.
  boolean isShared();

  boolean hasRoom();

  /// It has nothing to do, and grows old from now on.
  void rest();

  void close();
}
