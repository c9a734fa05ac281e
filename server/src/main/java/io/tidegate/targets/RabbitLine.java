package io.tidegate.targets;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Address;
import com.rabbitmq.client.Channel;
import io.tidegate.outbox.ConnectedType.Connection;
import io.tidegate.outbox.Outgoing;
import io.tidegate.outbox.Undelivered;
import io.tidegate.outbox.Ways;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A connection to one exchange of a broker. One channel, which one thread at a time publishes on;
/// what came of a message is heard from the broker, in `RabbitConfirms`.
final class RabbitLine implements Connection {
  private static final int LONGEST_NAME = 255;
  private static final int ROOM_FOR_THE_REST = 1024;
  private static final int PERSISTENT = 2;

  private final RabbitSite site;
  private final Socket socket;
  private final com.rabbitmq.client.Connection connection;
  private final Channel channel;
  private final RabbitConfirms confirms;
  private final Duration patience;
  private final ReentrantLock publishing = new ReentrantLock();
  private volatile long publishingSince;
  private volatile @Nullable String blocked;

  private RabbitLine(
      RabbitSite site, Socket socket, com.rabbitmq.client.Connection connection, Ways ways)
      throws IOException {
    this.site = site;
    this.socket = socket;
    this.connection = connection;
    this.patience = ways.limits().total();
    this.channel =
        connection
            .openChannel()
            .orElseThrow(() -> new IOException("the broker allows for no channel"));
    this.confirms = new RabbitConfirms(site);
    connection.addBlockedListener(_ -> blocked = "blocked", () -> blocked = null);
    channel.addReturnListener(returned -> confirms.returned(returned.getProperties()));
    channel.addConfirmListener(confirms::acknowledged, confirms::refused);
    channel.addShutdownListener(confirms::over);
    channel.confirmSelect();
  }

  static RabbitLine open(RabbitSite site, Ways ways) throws Undelivered {
    var socket = JudgedSocket.open(site.server(), site.tls(), ways);
    try {
      var factory = new RabbitFactory(socket, site, ways.limits());
      var connection =
          factory.newConnection(
              RabbitFactory.WORK,
              List.of(new Address(site.server().host(), site.server().port())),
              "tidegate");
      return new RabbitLine(site, socket, connection, ways);
    } catch (IOException | TimeoutException | RuntimeException failed) {
      JudgedSocket.close(socket);
      throw RabbitFaults.ofOpening(site, failed);
    }
  }

  @Override
  public void deliver(Map<String, String> config, Outgoing outgoing, Duration limit)
      throws Undelivered, InterruptedException {
    if (blocked != null) {
      throw Undelivered.failed("unavailable", "the broker takes no messages at the moment");
    }
    var topic = outgoing.event().topic();
    var properties = properties(outgoing);
    if (bytes(topic) > LONGEST_NAME) {
      throw Undelivered.never("refused", "the topic is too long for a routing key");
    }
    long end = System.nanoTime() + limit.toNanos();
    if (!publishing.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      throw late(limit);
    }
    RabbitConfirms.Confirm confirm;
    try {
      publishingSince = System.nanoTime();
      confirm = confirms.expect(channel.getNextPublishSeqNo(), outgoing.id());
      channel.basicPublish(site.exchange(), topic, true, properties, outgoing.data().array());
    } catch (IOException | RuntimeException broken) {
      JudgedSocket.close(socket); // its sequence of messages is not known any more
      throw RabbitFaults.of(site, broken);
    } finally {
      publishingSince = 0;
      publishing.unlock();
    }
    confirm.await(Duration.ofNanos(Math.max(1, end - System.nanoTime())), () -> late(limit));
  }

  private static Undelivered late(Duration limit) {
    return Undelivered.failed(
        "total_timeout",
        "the broker did not confirm the message within " + limit.toMillis() + " ms");
  }

  private BasicProperties properties(Outgoing outgoing) throws Undelivered {
    var headers = new HashMap<String, Object>();
    int size = 0;
    for (var label : outgoing.labels().entrySet()) {
      if (bytes(label.getKey()) <= LONGEST_NAME) {
        headers.put(label.getKey(), label.getValue());
        size += bytes(label.getKey()) + bytes(label.getValue()) + 6;
      }
    }
    if (size > connection.getFrameMax() - ROOM_FOR_THE_REST - outgoing.id().length()) {
      throw Undelivered.never("too_large", "the metadata is larger than the broker takes");
    }
    return new BasicProperties.Builder()
        .contentType("application/json")
        .deliveryMode(PERSISTENT)
        .messageId(outgoing.id())
        .timestamp(Date.from(outgoing.event().time()))
        .headers(headers)
        .build();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public void check(Map<String, String> config, Duration limit) throws Undelivered {
    if (site.exchange().isEmpty()) {
      return; // the default one is always there
    }
    try {
      var question = connection.createChannel();
      question.exchangeDeclarePassive(site.exchange());
      question.abort();
    } catch (IOException | RuntimeException no) {
      throw RabbitFaults.of(site, no);
    }
  }

  /// One that hangs while something is written is ended here, since nobody else can.
  @Override
  public boolean isUsable() {
    long since = publishingSince;
    if (since != 0 && System.nanoTime() - since > patience.toNanos()) {
      JudgedSocket.close(socket);
      return false;
    }
    return channel.isOpen() && !socket.isClosed();
  }

  @Override
  public void close() {
    connection.abort((int) Duration.ofSeconds(1).toMillis());
    JudgedSocket.close(socket);
  }
}
