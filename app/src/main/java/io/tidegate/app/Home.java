package io.tidegate.app;

import io.tidegate.inbox.Endpoint;
import io.tidegate.inbox.EndpointForm.Terms;
import io.tidegate.inbox.EndpointKind;
import io.tidegate.inbox.EndpointRules;
import io.tidegate.plan.Cluster;
import io.tidegate.plan.HttpService;
import io.tidegate.plan.Listener;
import io.tidegate.plan.Plan;
import io.tidegate.plan.WebhookMapping;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/// Where endpoints are registered, and what they are held to: as the first webhook binding says.
///
/// @param made what it was made from, to be compared
/// @param urls the full URL of an endpoint's id, as senders know it
/// @param patience how old what is known may be; empty for any age
record Home(
    Cluster cluster,
    WebhookMapping made,
    EndpointKind.Rules rules,
    UnaryOperator<String> urls,
    Optional<Duration> patience) {

  /// @param port where a listener really listens
  static Optional<Home> of(Plan plan, ToIntFunction<Listener> port) {
    for (var listener : plan.listeners()) {
      if (listener.service() instanceof Listener.Service.Http(var http)) {
        for (var route : http.routes()) {
          if (route.exit() instanceof HttpService.Exit.Webhooks(var mapping)
              && mapping.registry().enabled()) {
            return Optional.of(of(plan, listener, mapping, port));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Home of(
      Plan plan, Listener listener, WebhookMapping mapping, ToIntFunction<Listener> port) {
    UnaryOperator<String> urls =
        id ->
            mapping
                    .publicUrl()
                    .orElseGet(
                        () -> "http://" + named(listener.host()) + ":" + port.applyAsInt(listener))
                + "/e/"
                + id;
    var rules =
        new EndpointKind.Rules(topics(mapping), EndpointRules::faults, terms(mapping.named()));
    return new Home(
        plan.cluster(mapping.cluster()), mapping, rules, urls, mapping.registry().staleness());
  }

  private static String named(String host) {
    return host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
  }

  /// The binding's list; without one, every topic that is not the house's own.
  private static Predicate<String> topics(WebhookMapping mapping) {
    return topic ->
        EndpointRules.isTopic(topic)
            && (mapping.topics().isEmpty()
                || mapping.topics().stream().anyMatch(pattern -> pattern.match(topic).isPresent()));
  }

  private static Terms terms(WebhookMapping.Terms terms) {
    return new Terms(
        terms.inMemory() ? Endpoint.Ack.MEMORY : Endpoint.Ack.DURABLE,
        new Endpoint.Answer(terms.status(), terms.contentType(), terms.body()),
        terms.key(),
        terms.forward(),
        terms.contentTypes(),
        new Endpoint.Limits(terms.bodyLimit(), terms.perSecond(), terms.burst(), terms.window()));
  }
}
