package io.tidegate.bench;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Finds where HTTP/1.1 replies end, and no more than that: the status, the length, whether the
/// connection stays. Takes bytes in pieces of any size; one request may be outstanding at a time.
///
///     status line → header lines → sized | chunked | until closed → whole
final class ReplyParser {

  private static final int LONGEST_LINE = 16 * 1024;
  private static final int MOST_LINES = 256;

  private enum Part {
    STATUS,
    HEADERS,
    SIZED,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILERS,
    UNTIL_CLOSED
  }

  private final byte[] line = new byte[LONGEST_LINE];
  private int length;
  private int lines;
  private Part part = Part.STATUS;
  private int status;
  private long remaining;
  private long bodyBytes;
  private boolean chunked;
  private boolean closes;

  /// Takes bytes up to the end of a reply.
  ///
  /// @return whether the end has been reached; what follows stays in the buffer
  /// @throws ProtocolException when this is not HTTP/1.1
  boolean parse(ByteBuffer in) throws ProtocolException {
    while (in.hasRemaining()) {
      var whole =
          switch (part) {
            case STATUS, HEADERS, CHUNK_SIZE, CHUNK_END, TRAILERS -> takeLine(in) && endLine();
            case SIZED, CHUNK, UNTIL_CLOSED -> takeBody(in);
          };
      if (whole) {
        part = Part.STATUS;
        return true;
      }
    }
    return false;
  }

  /// The peer has closed the connection.
  ///
  /// @return whether that ended a reply in an orderly way
  boolean closed() {
    var whole = part == Part.UNTIL_CLOSED;
    part = Part.STATUS;
    length = 0;
    return whole;
  }

  int status() {
    return status;
  }

  long bodyBytes() {
    return bodyBytes;
  }

  /// Whether the peer will close the connection after this reply.
  boolean closes() {
    return closes;
  }

  private boolean takeLine(ByteBuffer in) throws ProtocolException {
    while (in.hasRemaining()) {
      var next = in.get();
      if (next == '\n') {
        if (length > 0 && line[length - 1] == '\r') {
          length--;
        }
        return true;
      }
      if (length == LONGEST_LINE) {
        throw new ProtocolException("a line of the reply is longer than " + LONGEST_LINE);
      }
      line[length++] = next;
    }
    return false;
  }

  private boolean endLine() throws ProtocolException {
    var whole =
        switch (part) {
          case STATUS -> startReply();
          case HEADERS -> length == 0 ? endHead() : header();
          case CHUNK_SIZE -> startChunk();
          case CHUNK_END -> endChunk();
          case TRAILERS -> endTrailer();
          case SIZED, CHUNK, UNTIL_CLOSED -> throw new IllegalStateException("no lines in " + part);
        };
    length = 0;
    return whole;
  }

  private boolean startReply() throws ProtocolException {
    if (length < 12 || !startsWith("http/1.") || line[8] != ' ') {
      throw new ProtocolException("not a status line: " + text());
    }
    status = (int) number(9, 12, 10);
    if (status < 100) {
      throw new ProtocolException("not a status line: " + text());
    }
    closes = line[7] == '0';
    chunked = false;
    remaining = -1;
    bodyBytes = 0;
    lines = 0;
    part = Part.HEADERS;
    return false;
  }

  private boolean header() throws ProtocolException {
    countLine();
    if (startsWith("content-length:")) {
      remaining = number(skipSpaces(15), length, 10);
    } else if (startsWith("transfer-encoding:")) {
      chunked = text().toLowerCase(Locale.ROOT).endsWith("chunked");
    } else if (startsWith("connection:")) {
      closes = text().toLowerCase(Locale.ROOT).contains("close");
    }
    return false;
  }

  private boolean endHead() {
    if (status < 200) {
      part = Part.STATUS;
      return false;
    }
    if (status == 204 || status == 304) {
      return true;
    }
    if (chunked) {
      part = Part.CHUNK_SIZE;
      return false;
    }
    if (remaining < 0) {
      closes = true;
      part = Part.UNTIL_CLOSED;
      return false;
    }
    part = Part.SIZED;
    return remaining == 0;
  }

  private boolean startChunk() throws ProtocolException {
    var end = 0;
    while (end < length && line[end] != ';' && line[end] != ' ') {
      end++;
    }
    remaining = number(0, end, 16);
    part = remaining == 0 ? Part.TRAILERS : Part.CHUNK;
    return false;
  }

  private boolean endChunk() throws ProtocolException {
    if (length != 0) {
      throw new ProtocolException("a chunk is longer than it says");
    }
    part = Part.CHUNK_SIZE;
    return false;
  }

  private boolean endTrailer() throws ProtocolException {
    countLine();
    return length == 0;
  }

  private void countLine() throws ProtocolException {
    if (++lines > MOST_LINES) {
      throw new ProtocolException("the reply has more than " + MOST_LINES + " header lines");
    }
  }

  private boolean takeBody(ByteBuffer in) {
    var taken = part == Part.UNTIL_CLOSED ? in.remaining() : Math.min(remaining, in.remaining());
    in.position(in.position() + (int) taken);
    bodyBytes += taken;
    remaining -= taken;
    if (part == Part.CHUNK && remaining == 0) {
      part = Part.CHUNK_END;
    }
    return part == Part.SIZED && remaining == 0;
  }

  /// Whether the line starts with these small letters, in any case.
  private boolean startsWith(String prefix) {
    if (length < prefix.length()) {
      return false;
    }
    for (var at = 0; at < prefix.length(); at++) {
      var letter = line[at];
      var small = letter >= 'A' && letter <= 'Z' ? letter + 32 : letter;
      if (small != prefix.charAt(at)) {
        return false;
      }
    }
    return true;
  }

  private int skipSpaces(int from) {
    var at = from;
    while (at < length && (line[at] == ' ' || line[at] == '\t')) {
      at++;
    }
    return at;
  }

  private long number(int from, int to, int radix) throws ProtocolException {
    var value = 0L;
    for (var at = from; at < to; at++) {
      var digit = Character.digit(line[at], radix);
      if (digit < 0 || value > Long.MAX_VALUE / 32) {
        throw new ProtocolException("not a number in: " + text());
      }
      value = value * radix + digit;
    }
    if (from == to) {
      throw new ProtocolException("a number is missing in: " + text());
    }
    return value;
  }

  private String text() {
    return new String(line, 0, length, StandardCharsets.ISO_8859_1).strip();
  }
}
