package io.tidegate.edge;

import static io.tidegate.edge.Outbound.LIMITS;
import static io.tidegate.edge.Outbound.plan;
import static io.tidegate.edge.Outbound.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.tidegate.http.Client.Failure;
import io.tidegate.http.Client.Limits;
import io.tidegate.http.Client.Result.Failed;
import io.tidegate.http.Client.Result.Replied;
import io.tidegate.receivers.MisbehavingReceiver;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Names are looked up by the client itself, and what it connects to is what it has judged.
class DnsNamesIT {
  private final Edge edge = Edge.open(EdgeLimits.defaults(), 1);
  private final MisbehavingReceiver receiver = MisbehavingReceiver.start();
  private final NameServer server = new NameServer();
  private final OutboundCalls client =
      OutboundCalls.open(
          edge,
          plan(),
          new DnsNames.Maker(edge, new SingletonDnsServerAddressStreamProvider(server.address())),
          Pooling.USUAL);

  DnsNamesIT() throws IOException {}

  @AfterEach
  void close() {
    client.close();
    receiver.close();
    server.close();
    edge.close();
  }

  private String url(String host) {
    return "http://" + host + ":" + receiver.port() + "/";
  }

  @Test
  void aNameIsLookedUpOnceForAWhile() throws IOException {
    assertThat(client.send(post(url("good.example"), "x"), LIMITS)).isInstanceOf(Replied.class);
    receiver.cut();
    assertThat(client.send(post("http://good.example:" + receiver.port() + "/b", "x"), LIMITS))
        .isNotNull();

    assertThat(server.asked.stream().filter("good.example"::equals).count())
        .isLessThanOrEqualTo(2); // one for each family of addresses
    assertThat(receiver.seen("/").getFirst().headers().first("host"))
        .contains("good.example:" + receiver.port());
  }

  @Test
  void aNameThatIsNotKnownIsSaidToBeUnknown() {
    var failed = (Failed) client.send(post(url("nowhere.example"), "x"), LIMITS);

    assertThat(failed.failure()).isEqualTo(Failure.UNKNOWN_HOST);
  }

  @Test
  void aNameThatLeadsInsideIsRefused() {
    var failed = (Failed) client.send(post(url("inside.example"), "x"), LIMITS);

    assertThat(failed.failure()).isEqualTo(Failure.REFUSED_ADDRESS);
    assertThat(failed.detail()).contains("10.0.0.1").contains("private");
  }

  @Test
  void aNameWhoseServersAreDeadHoldsUpNoOther() {
    for (int i = 0; i < 200; i++) {
      client.start(post(url("silent" + i + ".example"), "x"), connectingWithin(20_000), _ -> {});
    }

    var reply = client.send(post(url("good.example"), "x"), connectingWithin(5_000));
    var silent = (Failed) client.send(post(url("silent.example"), "x"), connectingWithin(800));

    assertThat(reply).isInstanceOf(Replied.class);
    assertThat(silent.failure()).isEqualTo(Failure.UNKNOWN_HOST);
    assertThat(silent.detail()).contains("was not resolved within 0.8 s");
  }

  private static Limits connectingWithin(int millis) {
    return new Limits(
        Duration.ofMillis(millis),
        LIMITS.tls(),
        LIMITS.firstByte(),
        Duration.ofSeconds(30),
        LIMITS.replyBytes());
  }

  /// A name server: `good` leads to 127.0.0.1, `inside` to 10.0.0.1; about `silent` it says
  /// nothing, and nothing else exists.
  private static final class NameServer implements AutoCloseable {
    private static final int A = 1;

    final List<String> asked = new CopyOnWriteArrayList<>();
    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());

    NameServer() throws IOException {
      Thread.ofVirtual().start(this::serve);
    }

    InetSocketAddress address() {
      return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private void serve() {
      while (!socket.isClosed()) {
        try {
          var packet = new DatagramPacket(new byte[512], 512);
          socket.receive(packet);
          answer(packet);
        } catch (IOException closed) {
          return;
        }
      }
    }

    private void answer(DatagramPacket packet) throws IOException {
      var question = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
      short id = question.getShort();
      question.position(12);
      var name = new StringBuilder();
      for (int length = question.get(); length > 0; length = question.get()) {
        var label = new byte[length];
        question.get(label);
        name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
      }
      int type = question.getShort();
      int end = question.position() + 2;
      asked.add(name.toString());
      if (name.toString().startsWith("silent")) {
        return;
      }
      boolean good = name.toString().startsWith("good");
      boolean known = good || name.toString().startsWith("inside");
      var reply = ByteBuffer.allocate(512);
      reply.putShort(id).putShort((short) (known ? 0x8580 : 0x8583)).putShort((short) 1);
      reply.putShort((short) (known && type == A ? 1 : 0)).putInt(0);
      reply.put(packet.getData(), 12, end - 12);
      if (known && type == A) {
        reply.putShort((short) 0xc00c).putShort((short) A).putShort((short) 1).putInt(60);
        reply.putShort((short) 4).put((byte) (good ? 127 : 10)).put(new byte[] {0, 0, 1});
      }
      socket.send(new DatagramPacket(reply.array(), reply.position(), packet.getSocketAddress()));
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
