package io.tidegate.plan;

import io.tidegate.config.Binding;
import io.tidegate.config.Fault;
import io.tidegate.config.HeaderSelection;
import io.tidegate.config.Template.Part;
import io.tidegate.config.WebhookKafka;
import io.tidegate.config.WebhookTerms;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// `webhook-kafka` bindings with everything filled in, and what they say about topics.
final class WebhookMappings {
  private static final long BODY_LIMIT = 1 << 20;
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final List<String> FORWARDED = List.of("x-*", "user-agent");

  private final Clusters clusters;
  private final Topics topics;
  private final Faults faults;
  private final WebhookMapping.Check check;
  private final Map<String, WebhookMapping> made = new LinkedHashMap<>();

  WebhookMappings(Clusters clusters, Topics topics, Faults faults, WebhookMapping.Check check) {
    this.clusters = clusters;
    this.topics = topics;
    this.faults = faults;
    this.check = check;
  }

  WebhookMapping mapping(Binding binding, WebhookKafka webhooks) {
    var name = binding.namespace() + ":" + binding.name();
    var before = made.get(name);
    if (before != null) {
      return before;
    }
    var mapping = mapping(name, binding, webhooks.options());
    made.put(name, mapping);
    return mapping;
  }

  private WebhookMapping mapping(String name, Binding binding, WebhookKafka.Options options) {
    var anyTopic = new io.tidegate.config.Template(options.place(), List.of(new Part.Path()));
    var cluster = clusters.behind(binding.exit().orElseThrow(), anyTopic);
    for (var topic : options.topics()) {
      if (!topic.text().contains("*")) {
        topics.produced(cluster, topic.text(), isKeyed(options.defaults()), name);
      }
    }
    return new WebhookMapping(
        name,
        cluster,
        options.topics().stream().map(topic -> Pattern.of(topic.text())).toList(),
        options.token(),
        options.publicUrl().map(WebhookMappings::origin),
        terms(options.defaults(), options.defaults(), WebhookMapping.Said.NOTHING),
        endpoints(cluster, name, options),
        new WebhookMapping.Registry(
            options.registry().enabled(),
            options.registry().rejectWhenDegraded(),
            options.registry().staleness()),
        new WebhookMapping.Memory(
            Math.toIntExact(options.memory().messages()), options.memory().bytes()));
  }

  private static String origin(URI url) {
    return url.getScheme() + "://" + url.getRawAuthority();
  }

  private List<WebhookMapping.StaticEndpoint> endpoints(
      String cluster, String name, WebhookKafka.Options options) {
    var endpoints = new ArrayList<WebhookMapping.StaticEndpoint>();
    for (var read : options.endpoints()) {
      var keyed = isKeyed(read.terms()) || isKeyed(options.defaults());
      topics.produced(cluster, read.topic(), keyed, name);
      var endpoint = endpoint(read, options.defaults());
      check.faults(endpoint).forEach(fault -> faults.add(Fault.of(read.place(), fault)));
      endpoints.add(endpoint);
    }
    return endpoints;
  }

  private static boolean isKeyed(WebhookTerms terms) {
    return terms.key().filter(key -> !key.isEmpty()).isPresent();
  }

  private static WebhookMapping.StaticEndpoint endpoint(
      WebhookKafka.Endpoint read, WebhookTerms defaults) {
    var secrets = new ArrayList<WebhookMapping.NamedSecret>();
    for (var secret : read.secrets()) {
      secrets.add(
          new WebhookMapping.NamedSecret(
              secret.id().orElse("secret-" + (secrets.size() + 1)),
              secret.secret(),
              secret.notAfter().orElse(Instant.MAX)));
    }
    return new WebhookMapping.StaticEndpoint(
        read.name(),
        read.id(),
        read.topic(),
        read.description().orElse(read.name()),
        read.verification().preset(),
        read.verification().parameters(),
        read.verification().tolerance(),
        secrets,
        read.handshakes(),
        terms(read.terms(), defaults, said(read.terms())),
        read.expires());
  }

  private static WebhookMapping.Said said(WebhookTerms own) {
    return new WebhookMapping.Said(
        own.maxBody().isPresent(), own.rateLimit().isPresent(), own.headers().isPresent());
  }

  private static WebhookMapping.Terms terms(
      WebhookTerms own, WebhookTerms defaults, WebhookMapping.Said said) {
    var ack = own.ack().or(defaults::ack).orElse(WebhookTerms.Ack.DURABLE);
    var answer = own.answer().or(defaults::answer);
    var rate = number(own.rateLimit().or(defaults::rateLimit));
    var burst = number(own.burst().or(defaults::burst));
    return new WebhookMapping.Terms(
        ack == WebhookTerms.Ack.MEMORY,
        number(answer.flatMap(WebhookTerms.Answer::status)),
        answer.map(WebhookTerms.Answer::contentType).orElse(""),
        answer.map(WebhookTerms.Answer::body).orElse(""),
        own.key().or(defaults::key).orElse(""),
        own.headers().or(defaults::headers).map(HeaderSelection::patterns).orElse(FORWARDED),
        own.contentTypes().or(defaults::contentTypes).orElse(List.of()),
        own.maxBody().or(defaults::maxBody).orElse(BODY_LIMIT),
        rate,
        burst.orElse(rate.orElse(1)),
        own.dedupWindow().or(defaults::dedupWindow).orElse(WINDOW),
        said);
  }

  private static OptionalInt number(Optional<Long> read) {
    return read.isPresent() ? OptionalInt.of(Math.toIntExact(read.get())) : OptionalInt.empty();
  }
}
