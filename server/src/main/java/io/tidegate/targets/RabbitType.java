package io.tidegate.targets;

import io.tidegate.base.Secret;
import io.tidegate.outbox.ConnectedType;
import io.tidegate.outbox.TypeSchema;
import io.tidegate.outbox.TypeSchema.Field;
import io.tidegate.outbox.TypeSchema.Input;
import io.tidegate.outbox.Undelivered;
import io.tidegate.outbox.Ways;
import io.tidegate.registry.Judgement.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Events as messages to an exchange of a tenant's own RabbitMQ: the data as the body, the topic as
/// the routing key, metadata as headers; persistent, confirmed, and routed to a queue at least.
public final class RabbitType implements ConnectedType {
  static final String SERVER = "server_url";
  static final String EXCHANGE = "exchange";
  static final String TLS = "tls";
  static final String USER = "username";
  static final String PASSWORD = "password";

  private static final String NO_CONTROLS = "^[^\\u0000-\\u001f\\u007f]*$";

  private static final TypeSchema SCHEMA =
      new TypeSchema(
          "rabbitmq",
          "RabbitMQ",
          "Send each event as a message to an exchange of a RabbitMQ broker",
          "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\" fill=\"none\""
              + " stroke=\"currentColor\"><path d=\"M2 14V2h3v5h3V2h3v5h3v7z\"/></svg>",
          """
          Enter the server, the exchange, and a user who may write to it. The routing key is the
          topic of the event: bind a queue for it, since a message that no queue takes has failed.
          """,
          List.of(
              Field.text(
                      SERVER,
                      "Server URL",
                      "host:port of the broker; a virtual host may follow after a slash")
                  .needed()
                  .sized(1, 512)
                  .like("^[^\\s]+$"),
              Field.text(
                      EXCHANGE,
                      "Exchange",
                      "The exchange that messages are published to; without one, the queue of the"
                          + " topic's name gets them")
                  .sized(1, 255)
                  .like(NO_CONTROLS),
              Field.of(TLS, Input.CHECKBOX, "TLS", "Whether the broker is spoken to over TLS")
                  .usually("false")),
          List.of(
              Field.text(USER, "Username", "Who logs in").needed().sized(1, 256).like(NO_CONTROLS),
              Field.text(PASSWORD, "Password", "The password")
                  .needed()
                  .secret()
                  .sized(1, 1024)
                  .like(NO_CONTROLS)));

  @Override
  public TypeSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<Fault> faults(Map<String, String> config, Map<String, String> credentials) {
    var faults = new ArrayList<>(SCHEMA.faults(config, credentials));
    var server = config.getOrDefault(SERVER, "");
    if (!server.isEmpty() && RabbitSite.server(server, true).isEmpty()) {
      faults.add(new Fault("/config/" + SERVER, "must be host:port, without a scheme and a user"));
    }
    if (config.getOrDefault(EXCHANGE, "").getBytes(java.nio.charset.StandardCharsets.UTF_8).length
        > 255) {
      faults.add(new Fault("/config/" + EXCHANGE, "must have at most 255 bytes"));
    }
    return faults;
  }

  private static RabbitSite place(Map<String, String> config, Map<String, String> credentials) {
    var server = config.getOrDefault(SERVER, "");
    boolean tls = !config.getOrDefault(TLS, "false").equals("false");
    return new RabbitSite(
        RabbitSite.server(server, tls)
            .orElseThrow(() -> new IllegalArgumentException("its server is none")),
        RabbitSite.virtualHost(server),
        config.getOrDefault(EXCHANGE, ""),
        tls,
        credentials.getOrDefault(USER, ""),
        new Secret(credentials.getOrDefault(PASSWORD, "")));
  }

  @Override
  public Object site(Map<String, String> config, Map<String, String> credentials) {
    return place(config, credentials);
  }

  @Override
  public Connection open(Map<String, String> config, Map<String, String> credentials, Ways ways)
      throws Undelivered {
    return RabbitLine.open(place(config, credentials), ways);
  }

  @Override
  public Target target(Map<String, String> config) {
    var exchange = config.getOrDefault(EXCHANGE, "");
    var server = config.getOrDefault(SERVER, "");
    return new Target(exchange.isEmpty() ? server : server + " / " + exchange, "");
  }
}
