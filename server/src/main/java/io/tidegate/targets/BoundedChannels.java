package io.tidegate.targets;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.network.ChannelBuilder;
import org.apache.kafka.common.network.ChannelMetadataRegistry;
import org.apache.kafka.common.network.ConnectionMode;
import org.apache.kafka.common.network.SaslChannelBuilder;
import org.apache.kafka.common.network.TransportLayer;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;

/// Channels to brokers of strangers. Kafka's selector bounds replies, but not those that come while
/// somebody logs in; here they are.
final class BoundedChannels extends SaslChannelBuilder {

  private BoundedChannels(
      Map<String, JaasContext> logins,
      SecurityProtocol protocol,
      String mechanism,
      Time time,
      LogContext context) {
    super(
        ConnectionMode.CLIENT,
        logins,
        protocol,
        null,
        false,
        mechanism,
        null,
        null,
        null,
        time,
        context,
        null);
  }

  static ChannelBuilder of(ProducerConfig config, KafkaSite site, Time time, LogContext context) {
    if (site.login().isEmpty()) {
      return ClientUtils.createChannelBuilder(config, time, context);
    }
    var mechanism = config.getString("sasl.mechanism");
    var protocol = site.tls() ? SecurityProtocol.SASL_SSL : SecurityProtocol.SASL_PLAINTEXT;
    var settings = new HashMap<String, Object>(config.originals());
    settings.putAll(config.values());
    var login = JaasContext.loadClientContext(settings);
    var channels =
        new BoundedChannels(Map.of(mechanism, login), protocol, mechanism, time, context);
    channels.configure(settings);
    return channels;
  }

  @Override
  protected TransportLayer buildTransportLayer(
      String id, SelectionKey key, SocketChannel socket, ChannelMetadataRegistry registry)
      throws IOException {
    return new BoundedFrames(
        super.buildTransportLayer(id, key, socket, registry), GuardedProducer.LARGEST_REPLY);
  }
}
