package io.tidegate.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Requests that tell their receiver, at the end of their way, how old they are: into a place in
/// each are written how many of its connection have left before, and when it was meant to leave.
/// One thread at a time.
final class StampedRequests implements SocketWire.Script {
  /// What stands in a request where number and time go.
  static final String PLACE = "@".repeat(Reception.NUMBER_DIGITS + Reception.STAMP_DIGITS);

  private static final byte[] MARK = PLACE.getBytes(StandardCharsets.US_ASCII);

  private final List<byte[]> requests;
  private final int[] places;
  private final int[] next;

  /// @param requests one for each connection
  StampedRequests(List<byte[]> requests) {
    this.requests = List.copyOf(requests);
    this.places = requests.stream().mapToInt(StampedRequests::place).toArray();
    this.next = new int[requests.size()];
  }

  private static int place(byte[] request) {
    for (int i = 0; i + MARK.length <= request.length; i++) {
      if (Arrays.equals(request, i, i + MARK.length, MARK, 0, MARK.length)) {
        return i;
      }
    }
    throw new IllegalArgumentException("a request has no place for number and time");
  }

  int connections() {
    return next.length;
  }

  /// How many have left so far.
  long sent() {
    return Arrays.stream(next).asLongStream().sum();
  }

  @Override
  public ByteBuffer request(int connection) {
    var request = requests.get(connection);
    return ByteBuffer.allocateDirect(request.length).put(request).flip();
  }

  @Override
  public void prepare(int connection, ByteBuffer request, long moment) {
    int stamp = places[connection] + Reception.NUMBER_DIGITS;
    digits(request, places[connection], Reception.NUMBER_DIGITS, next[connection]++);
    digits(request, stamp, Reception.STAMP_DIGITS, moment);
  }

  private static void digits(ByteBuffer request, int at, int count, long value) {
    long rest = value;
    for (int i = at + count - 1; i >= at; i--) {
      request.put(i, (byte) ('0' + rest % 10));
      rest /= 10;
    }
  }
}
