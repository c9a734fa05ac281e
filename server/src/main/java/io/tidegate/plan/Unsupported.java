package io.tidegate.plan;

import io.tidegate.config.Binding;
import io.tidegate.config.EventDestinations;
import io.tidegate.config.Filesystem;
import io.tidegate.config.Http;
import io.tidegate.config.HttpFilesystem;
import io.tidegate.config.HttpKafka;
import io.tidegate.config.Kafka;
import io.tidegate.config.KafkaHttp;
import io.tidegate.config.Protocol;
import io.tidegate.config.ProxyProtocol;
import io.tidegate.config.Sse;
import io.tidegate.config.SseKafka;
import io.tidegate.config.Tcp;
import io.tidegate.config.Tls;
import io.tidegate.config.WebhookKafka;
import io.tidegate.config.Ws;
import java.util.List;

/// What the grammar knows and this version does not run. Refused by name wherever it stands, so
/// that nothing is silently ignored.
final class Unsupported {
  private Unsupported() {}

  static void check(Binding binding, Faults faults) {
    switch (binding.protocol()) {
      case Tcp _,
          Protocol.Echo _,
          Protocol.TenantApi _,
          HttpKafka _,
          KafkaHttp _,
          SseKafka _,
          Filesystem _,
          HttpFilesystem _,
          Ws _ -> {}
      case WebhookKafka _ -> {}
      case EventDestinations _ -> {}
      case Sse _ -> {}
      case ProxyProtocol proxy -> {
        if (binding.kind() != Binding.Kind.SERVER) {
          faults.notYet(binding.place(), "a proxy client");
        }
        proxy.routes().stream()
            .flatMap(route -> route.when().stream())
            .forEach(when -> faults.notYet(when.place(), "routing by the PROXY protocol"));
      }
      case Tls _ when binding.kind() != Binding.Kind.PROXY -> {}
      case Tls _ -> faults.notYet(binding.place(), "binding type '" + binding.type() + "'");
      case Http _ -> {}
      case Kafka kafka -> kafka(kafka, faults);
    }
  }

  private static void kafka(Kafka kafka, Faults faults) {
    var topics =
        switch (kafka.options()) {
          case Kafka.CacheClient client -> client.topics();
          case Kafka.CacheServer server -> server.topics();
          case Kafka.Client _ -> List.<Kafka.Topic>of();
        };
    for (var topic : topics) {
      if (!topic.transforms().isEmpty()) {
        faults.notYet(topic.place(), "a transform");
      }
      if (topic.deltaType() != Kafka.Delta.NONE) {
        faults.notYet(topic.place(), "deltaType json_patch");
      }
    }
  }
}
