package io.tidegate.bench;

import java.io.IOException;

/// The connections under load, numbered from 0, and the clock they live by. One thread at a time.
interface Wire extends AutoCloseable {

  int connections();

  /// Nanoseconds; only differences mean anything.
  long now();

  /// Sends the next request on an idle connection. Failures are told by the next `await`.
  ///
  /// @param moment when it was meant to leave
  void send(int connection, long moment);

  /// Tells what has arrived; waits for that, but not beyond the given moment.
  ///
  /// @throws IOException when the server can no longer be reached at all
  void await(long until, Arrivals arrivals) throws IOException;

  @Override
  void close();

  /// Told by `await`, on its thread. Either way the connection is idle afterwards.
  interface Arrivals {

    void replied(int connection, int status);

    /// The connection broke, or what came was not HTTP; it has been opened anew.
    void broke(int connection);
  }
}
