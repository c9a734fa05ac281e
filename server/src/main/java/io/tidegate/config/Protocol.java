package io.tidegate.config;

import java.util.List;

/// What is particular to a binding's type: its options and its routes.
public sealed interface Protocol
    permits Protocol.Echo,
        Protocol.TenantApi,
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

  /// What tenants of event destinations may ask for, with a token of theirs and no key. Tidegate's
  /// own.
  record TenantApi() implements Protocol {
    static final Grammar GRAMMAR =
        Grammar.of("tenant-api", (_, _) -> new TenantApi()).kind(Binding.Kind.SERVER);

    @Override
    public String type() {
      return GRAMMAR.type();
    }

    @Override
    public List<Route<?, ?>> routes() {
      return List.of();
    }
  }

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
