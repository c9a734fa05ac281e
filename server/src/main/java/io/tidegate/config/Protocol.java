package io.tidegate.config;

import java.util.List;

/// What is particular to a binding's type: its options and its routes.
public sealed interface Protocol
    permits Protocol.Echo,
        EventDestinations,
        Filesystem,
        Http,
        HttpFilesystem,
        HttpKafka,
        Kafka,
        KafkaHttp,
        ProxyProtocol,
        Sse,
        SseKafka,
        Tcp,
        Tls,
        WebhookKafka,
        Ws {

  /// As `type` names it in the file.
  String type();

  /// In the order in which they are tried.
  List<? extends Route<?, ?>> routes();

  /// Sends back what it receives.
  record Echo() implements Protocol {
    static final Grammar GRAMMAR =
        Grammar.of("echo", (_, _) -> new Echo()).kind(Binding.Kind.SERVER);

    @Override
    public String type() {
      return GRAMMAR.type();
    }

    @Override
    public List<Route<?, ?>> routes() {
      return List.of();
    }
  }
}
