package io.tidegate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.guard.Guards;
import io.tidegate.http.Request;
import io.tidegate.plan.HttpService.Version;
import io.tidegate.plan.Listener;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderIT {
  private static final String GET = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";

  private final Edge edge =
      Edge.open(
          EdgeLimits.defaults()
              .with(
                  new EdgeLimits.Waits(
                      Duration.ofSeconds(3),
                      Duration.ofSeconds(5),
                      Duration.ofSeconds(5),
                      Duration.ofSeconds(5),
                      Duration.ofSeconds(60))),
          1);
  private final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    edge.close();
  }

  private int http() {
    return HttpListener.start(
            edge,
            new Listener(
                "demo:tcp",
                "127.0.0.1",
                List.of(0),
                true,
                Optional.empty(),
                TestServices.answering(Set.of(Version.values()))),
            TestServices.recording(requests))
        .ports()
        .getFirst();
  }

  private static byte[] version2(int command, int family, byte[] addresses) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10});
    out.write(command);
    out.write(family);
    out.write(addresses.length >> 8);
    out.write(addresses.length);
    out.writeBytes(addresses);
    return out.toByteArray();
  }

  private String ask(byte[]... pieces) throws Exception {
    try (var raw = new RawClient(http())) {
      for (var piece : pieces) {
        raw.send(piece);
      }
      assertThat(raw.send(GET).reply()).startsWith("HTTP/1.1 200");
      return requests.take().remote();
    }
  }

  private String ask(String line) throws Exception {
    return ask(line.getBytes());
  }

  @Test
  void aLineSaysWhoCalls() throws Exception {
    assertThat(ask("PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n")).isEqualTo("192.0.2.1");
    assertThat(ask("PROXY TCP6 2001:db8::1 2001:db8::2 1 2\r\n")).isEqualTo("2001:db8:0:0:0:0:0:1");
    assertThat(ask("PROXY UNKNOWN whatever\r\n")).isEqualTo("127.0.0.1");
  }

  @Test
  void aLineMayComeByteByByte() throws Exception {
    var line = "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n";
    var pieces = line.chars().mapToObj(c -> new byte[] {(byte) c}).toArray(byte[][]::new);

    assertThat(ask(pieces)).isEqualTo("192.0.2.1");
  }

  @Test
  void aBinaryHeaderSaysWhoCalls() throws Exception {
    var four = new byte[] {(byte) 192, 0, 2, 9, (byte) 192, 0, 2, 2, 1, 2, 1, (byte) 187};
    var more = new byte[four.length + 7];
    System.arraycopy(four, 0, more, 0, four.length); // and something at its end that is not read
    var six = new byte[36];
    System.arraycopy(InetAddress.ofLiteral("2001:db8::9").getAddress(), 0, six, 0, 16);

    assertThat(ask(version2(0x21, 0x11, four))).isEqualTo("192.0.2.9");
    assertThat(ask(version2(0x21, 0x11, more))).isEqualTo("192.0.2.9");
    assertThat(ask(version2(0x21, 0x21, six))).isEqualTo("2001:db8:0:0:0:0:0:9");
    assertThat(ask(version2(0x20, 0x00, new byte[0]))).isEqualTo("127.0.0.1");
    assertThat(ask(version2(0x21, 0x31, new byte[216]))).isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "PROXY TCP4 192.0.2.1 192.0.2.2 56324\r\n",
        "PROXY TCP4 2001:db8::1 192.0.2.2 56324 443\r\n",
        "PROXY TCP4 example.org 192.0.2.2 56324 443\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 66324 443\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\n",
        "PROXY UDP4 192.0.2.1 192.0.2.2 56324 443\r\n",
        "PROXY UNKNOWN xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n",
        "\r\n\r\n\0\r\nQUIT\n\u0031\u0011\0\0",
        "\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\u0004\1\2\3\4",
        "\r\n\r\n\0\r\nQUIT\n\u0021\u0011\u0070\u0004",
      })
  void whatIsNoHeaderClosesTheConnection(String bad) throws Exception {
    try (var raw = new RawClient(http())) {
      assertThat(raw.send(bad + GET).all().replace("<reset>", "")).isEmpty();
    }
    assertThat(requests).isEmpty();
  }

  @Test
  void aHeaderThatDoesNotComeIsNotWaitedForLong() throws Exception {
    var echo =
        EchoListener.start(
            edge,
            new Listener(
                "demo:echo",
                "127.0.0.1",
                List.of(0),
                true,
                Optional.empty(),
                new Listener.Service.Echo()),
            Guards.NONE);
    try (var silent = new RawClient(http());
        var half = new RawClient(http());
        var raw = new RawClient(echo.ports().getFirst());
        var good = new RawClient(echo.ports().getFirst())) {
      half.send("PROXY TCP4 192.0.2.1");
      raw.send("PROX");
      good.send("PROXY UNKNOWN\r\nhello");

      assertThat(silent.all()).isEmpty();
      assertThat(half.all()).doesNotContain("200");
      assertThat(raw.all()).isEmpty();
      assertThat(new String(good.socket().getInputStream().readNBytes(5))).isEqualTo("hello");
    }
  }
}
