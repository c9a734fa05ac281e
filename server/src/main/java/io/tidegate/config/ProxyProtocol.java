package io.tidegate.config;

import io.tidegate.config.Binding.Kind;
import io.tidegate.config.Route.Nothing;
import java.util.List;

/// The PROXY protocol: a line before the first byte, by which a load balancer says who the caller
/// really is. Read here (`server`) or written (`client`).
public record ProxyProtocol(List<Route<ProxyProtocol.Condition, Nothing>> routes)
    implements Protocol {

  /// By what the line says.
  public record Condition(Place place) {}

  static final Grammar GRAMMAR =
      Grammar.of("proxy", ProxyProtocol::read)
          .kind(
              Kind.SERVER,
              "tls server",
              "tls proxy",
              "http server",
              "mqtt server",
              "amqp server",
              "echo server",
              "fan server",
              "proxy client",
              "tcp client")
          .kind(Kind.CLIENT, "tcp client");

  @Override
  public String type() {
    return GRAMMAR.type();
  }

  private static ProxyProtocol read(Kind kind, Mapping binding) {
    Route.requireWayOut(binding);
    return new ProxyProtocol(Route.plain(binding, Form.mapping(ProxyProtocol::condition)));
  }

  private static Condition condition(Mapping when) {
    when.optional("transport", Form.word("stream", "datagram"));
    when.optional("family", Form.word("inet", "inet4", "inet6", "unix"));
    for (var end : List.of("source", "destination")) {
      when.section(
          end,
          address -> {
            address.optional("host", Form.TEXT);
            address.or("port", Tcp.PORTS, List.of());
            return Nothing.NOTHING;
          });
    }
    when.section(
        "info",
        info -> {
          for (var name : List.of("alpn", "authority", "identity", "namespace")) {
            info.optional(name, Form.TEXT);
          }
          return info.section(
              "secure",
              secure -> {
                for (var name : List.of("version", "cipher", "key", "name", "signature")) {
                  secure.optional(name, Form.TEXT);
                }
                return Nothing.NOTHING;
              });
        });
    return new Condition(when.place());
  }
}
