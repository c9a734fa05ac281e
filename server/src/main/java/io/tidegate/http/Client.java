package io.tidegate.http;

import java.time.Duration;

/// Sends requests to servers that others name: the way out of the house, with its checks.
///
/// Blocks until the reply is there or a limit is reached: call it on a virtual thread. Any number
/// of threads may. What the network and the other server do wrong is a value, never an exception.
public interface Client extends AutoCloseable {

  Result send(Call call, Limits limits);

  /// Lets go of idle connections; what is under way ends as `CANCELLED`.
  @Override
  void close();

  /// How long each step may take, and how much is read.
  ///
  /// @param tls the handshake alone
  /// @param firstByte from the last byte sent to the first of the reply
  /// @param total the whole exchange, the body included
  /// @param replyBytes of the reply's body; what exceeds them is not kept
  record Limits(
      Duration connect, Duration tls, Duration firstByte, Duration total, int replyBytes) {}

  /// What came of a call.
  sealed interface Result {
    Timings timings();

    /// The other server answered; its body may have been cut at the limit.
    ///
    /// @param length of the body as far as it was read or announced; more than `body` when cut
    /// @param address that was connected to, without the port
    record Replied(Reply reply, long length, Timings timings, String address) implements Result {

      public boolean isCut() {
        return length > reply.body().size();
      }
    }

    /// There is no whole reply.
    ///
    /// @param detail a sentence for the operator, without contents or secrets
    record Failed(Failure failure, String detail, Timings timings) implements Result {}
  }

  /// Why there is no reply, in words that programs and metrics can use.
  enum Failure {
    /// The address, or the scheme, is one that may not be connected to. Another try is of no use
    /// unless the name leads elsewhere by then.
    REFUSED_ADDRESS,
    UNKNOWN_HOST,
    CONNECT,
    CONNECT_TIMEOUT,
    TLS,
    /// The connection broke while the request was sent or the reply read.
    RESET,
    FIRST_BYTE_TIMEOUT,
    TOTAL_TIMEOUT,
    /// What came back is not HTTP as it should be.
    PROTOCOL,
    /// Too much is on its way already.
    BUSY,
    CANCELLED
  }

  /// Time spent on each step, in nanoseconds; -1 for what did not take place (a connection that was
  /// there already needs neither a name nor a handshake).
  record Timings(long name, long connect, long tls, long firstByte, long total) {}
}
