package io.tidegate.edge;

import java.time.Duration;

/// What strangers are held to. Every figure is a bound on memory, time or number.
public record EdgeLimits(Sizes sizes, Waits waits, Counts counts) {

  public static EdgeLimits defaults() {
    return new EdgeLimits(
        new Sizes(8 << 10, 32 << 10, 128L << 20),
        new Waits(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(75),
            Duration.ofSeconds(60),
            Duration.ofMinutes(10)),
        new Counts(20_000, 256, 200, 65_536));
  }

  public EdgeLimits with(Sizes other) {
    return new EdgeLimits(other, waits, counts);
  }

  public EdgeLimits with(Waits other) {
    return new EdgeLimits(sizes, other, counts);
  }

  public EdgeLimits with(Counts other) {
    return new EdgeLimits(sizes, waits, other);
  }

  /// In bytes.
  ///
  /// @param line of the request line; more is 414
  /// @param head of all header fields together; more is 431
  /// @param bodies of all request bodies that are held at one time; more is 503
  public record Sizes(int line, int head, long bodies) {}

  /// @param head from the connection, or from the first byte of a later request, to its last header
  /// @param body without a byte of a body that is being read
  /// @param idle of a connection without a request
  /// @param write without progress of a reply that the peer does not take
  /// @param tcp without a byte on a raw TCP connection
  public record Waits(Duration head, Duration body, Duration idle, Duration write, Duration tcp) {}

  /// @param connections of all listeners together; more are closed at once
  /// @param streams open at one time in an HTTP/2 connection
  /// @param resets of HTTP/2 streams in 30 seconds; more close the connection
  /// @param requests in work at one time, of all listeners together; more get 503
  public record Counts(int connections, int streams, int resets, int requests) {}
}
