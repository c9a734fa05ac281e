package io.tidegate.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyParserTest {

  private static final String SIZED = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String CHUNKED =
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
          + "5;name=value\r\nhello\r\nA\r\n0123456789\r\n0\r\ntrailer: x\r\n\r\n";

  private final ReplyParser parser = new ReplyParser();

  @ParameterizedTest
  @ValueSource(
      strings = {
        SIZED,
        CHUNKED,
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\ncontent-length: 99\r\netag: AQIACg==\r\n\r\n",
        "HTTP/1.1 404 \r\ncontent-length:0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\ncontent-length: 2\n\nok"
      })
  void findsTheEndHoweverTheBytesArrive(String reply) throws ProtocolException {
    var bytes = reply.getBytes(StandardCharsets.ISO_8859_1);
    for (var cut = 1; cut < bytes.length; cut++) {
      var first = ByteBuffer.wrap(bytes, 0, cut);
      var second = ByteBuffer.wrap(bytes, cut, bytes.length - cut);

      assertThat(parser.parse(first)).isFalse();
      assertThat(parser.parse(second)).as("cut at %d", cut).isTrue();
      assertThat(second.hasRemaining()).isFalse();
    }
  }

  @Test
  void takesBytesOneByOne() throws ProtocolException {
    var bytes = CHUNKED.getBytes(StandardCharsets.ISO_8859_1);
    for (var at = 0; at < bytes.length - 1; at++) {
      assertThat(parser.parse(ByteBuffer.wrap(bytes, at, 1))).isFalse();
    }

    assertThat(parser.parse(ByteBuffer.wrap(bytes, bytes.length - 1, 1))).isTrue();
    assertThat(parser.bodyBytes()).isEqualTo(15);
  }

  @Test
  void readsStatusAndLength() throws ProtocolException {
    assertThat(parser.parse(buffer(SIZED))).isTrue();

    assertThat(parser.status()).isEqualTo(200);
    assertThat(parser.bodyBytes()).isEqualTo(5);
    assertThat(parser.closes()).isFalse();
  }

  @Test
  void leavesWhatFollowsTheReply() throws ProtocolException {
    var two = buffer(SIZED + CHUNKED);

    assertThat(parser.parse(two)).isTrue();
    assertThat(parser.bodyBytes()).isEqualTo(5);
    assertThat(parser.parse(two)).isTrue();
    assertThat(parser.bodyBytes()).isEqualTo(15);
    assertThat(two.hasRemaining()).isFalse();
  }

  @Test
  void seesThatTheServerWillClose() throws ProtocolException {
    parser.parse(
        buffer("HTTP/1.1 400 Bad Request\r\nConnection: Close\r\ncontent-length: 0\r\n\r\n"));

    assertThat(parser.closes()).isTrue();
  }

  @Test
  void aReplyWithoutLengthLastsUntilTheConnectionEnds() throws ProtocolException {
    assertThat(parser.parse(buffer("HTTP/1.1 200 OK\r\n\r\nall there is"))).isFalse();

    assertThat(parser.closed()).isTrue();
    assertThat(parser.bodyBytes()).isEqualTo(12);
  }

  @Test
  void aConnectionThatEndsWithinAReplyIsNoEnd() throws ProtocolException {
    parser.parse(buffer("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel"));

    assertThat(parser.closed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/2 200\r\n",
        "HTTP/1.1 2x0 OK\r\n",
        "HTTP/1.1 099 OK\r\n",
        "\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: \r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nabc\r\n"
      })
  void refusesWhatIsNotHttp(String garbage) {
    assertThatThrownBy(() -> parser.parse(buffer(garbage))).isInstanceOf(ProtocolException.class);
  }

  @Test
  void refusesLinesAndHeadsWithoutEnd() {
    assertThatThrownBy(() -> parser.parse(buffer("x".repeat(100_000))))
        .isInstanceOf(ProtocolException.class);
    assertThatThrownBy(
            () -> new ReplyParser().parse(buffer("HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(1000))))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void noBytesWhateverLeadToAnythingElse() {
    var random = new Random(42);
    var pieces = (SIZED + CHUNKED).getBytes(StandardCharsets.ISO_8859_1);
    for (var round = 0; round < 20_000; round++) {
      var bytes = pieces.clone();
      for (var change = 0; change < 3; change++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      parseAll(ByteBuffer.wrap(bytes));
    }
  }

  private static void parseAll(ByteBuffer in) {
    var parser = new ReplyParser();
    try {
      while (in.hasRemaining()) {
        parser.parse(in);
      }
    } catch (ProtocolException _) {
      // That is the one way in which it may refuse.
    }
  }

  private static ByteBuffer buffer(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
