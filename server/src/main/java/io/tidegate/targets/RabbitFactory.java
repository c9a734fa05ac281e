package io.tidegate.targets;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.DefaultExceptionHandler;
import com.rabbitmq.client.impl.FrameHandlerFactory;
import com.rabbitmq.client.impl.SocketFrameHandler;
import io.tidegate.http.Client;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the client speak on a socket that is open already, and only once: it must not connect by
/// itself, as it would ask for the address anew.
final class RabbitFactory extends ConnectionFactory {
  private static final Logger LOG = LoggerFactory.getLogger(RabbitFactory.class);
  private static final int LARGEST_MESSAGE = 4 << 20;
  private static final int HEARTBEAT_SECONDS = 10;

  /// Nothing is consumed here; it is asked for when a channel ends.
  static final ExecutorService WORK = Executors.newVirtualThreadPerTaskExecutor();

  private final Socket socket;

  RabbitFactory(Socket socket, RabbitSite site, Client.Limits limits) {
    this.socket = socket;
    setUsername(site.user());
    setPassword(site.password().reveal());
    setVirtualHost(site.virtualHost());
    setAutomaticRecoveryEnabled(false);
    setTopologyRecoveryEnabled(false);
    setConnectionTimeout((int) limits.connect().toMillis());
    setHandshakeTimeout((int) limits.connect().toMillis());
    setChannelRpcTimeout((int) limits.firstByte().toMillis());
    setShutdownTimeout((int) TimeUnit.SECONDS.toMillis(1));
    setRequestedHeartbeat(HEARTBEAT_SECONDS);
    setMaxInboundMessageBodySize(LARGEST_MESSAGE);
    setClientProperties(
        Map.of(
            "product",
            "Tidegate",
            "capabilities",
            Map.of(
                "publisher_confirms",
                true,
                "authentication_failure_close",
                true,
                "connection.blocked",
                true)));
    setThreadFactory(
        work -> Thread.ofPlatform().daemon().name("destination-rabbitmq").unstarted(work));
    setExceptionHandler(new Quiet());
  }

  @Override
  protected synchronized FrameHandlerFactory createFrameHandlerFactory() {
    return (_, _) -> new SocketFrameHandler(socket, null, LARGEST_MESSAGE);
  }

  /// What breaks is told by who waits for it.
  private static final class Quiet extends DefaultExceptionHandler {
    @Override
    public void handleUnexpectedConnectionDriverException(Connection connection, Throwable cause) {
      LOG.atDebug().setCause(cause).log("the connection to a RabbitMQ of a destination broke");
    }
  }
}
