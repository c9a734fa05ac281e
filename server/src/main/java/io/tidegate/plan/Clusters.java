package io.tidegate.plan;

import io.tidegate.base.Secret;
import io.tidegate.config.Binding;
import io.tidegate.config.Fault;
import io.tidegate.config.GatewayConfig;
import io.tidegate.config.Guard;
import io.tidegate.config.Kafka;
import io.tidegate.config.Reference;
import io.tidegate.config.Tls;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The clusters behind `kafka` bindings: each `cache_client → cache_server → client` chain, folded.
final class Clusters {
  private final GatewayConfig config;
  private final Faults faults;
  private final Vaults vaults;
  private final Map<String, Cluster> clusters = new LinkedHashMap<>();
  private final List<Live> live = new ArrayList<>();

  private record Live(String cluster, Pattern names) {}

  Clusters(GatewayConfig config, Faults faults) {
    this.config = config;
    this.faults = faults;
    this.vaults = new Vaults(config, faults);
  }

  List<Cluster> all() {
    return List.copyOf(clusters.values());
  }

  /// The name of the cluster that a mapping reaches through its exit, for that topic.
  String behind(Reference exit, io.tidegate.config.Template topic) {
    return follow(config.binding(exit), topic);
  }

  /// The name of the cluster that a binding of kind `cache_*` reaches, for that topic.
  String through(Binding binding, io.tidegate.config.Template topic) {
    return follow(binding, topic);
  }

  private String follow(Binding binding, io.tidegate.config.Template topic) {
    var kafka = (Kafka) binding.protocol();
    if (kafka.options() instanceof Kafka.Client client) {
      return cluster(binding, client);
    }
    var name = Templates.of(topic).constant();
    for (var route : kafka.routes()) {
      var conditions = route.when().stream().flatMap(when -> when.topic().stream()).toList();
      if (conditions.isEmpty()) {
        return follow(config.binding(route.exit()), topic);
      }
      if (name.isEmpty()) {
        faults.add(
            Fault.of(
                route.place(),
                "a topic that is known only with the request cannot choose this route",
                "one exit for all topics"));
      } else if (conditions.stream()
          .anyMatch(glob -> Pattern.of(glob.text()).match(name.get()).isPresent())) {
        return follow(config.binding(route.exit()), topic);
      }
    }
    return binding
        .exit()
        .map(exit -> follow(config.binding(exit), topic))
        .orElseGet(() -> {
          faults.add(
              Fault.of(topic.place(), "no route of '" + binding.name() + "' takes this topic"));
          return Cluster.EMBEDDED;
        });
  }

  /// Takes note of what a `cache_server` says about topics, whoever uses it.
  void declare(Binding binding, Topics topics) {
    if (!(binding.protocol() instanceof Kafka kafka)
        || !(kafka.options() instanceof Kafka.CacheServer server)) {
      return;
    }
    var by = binding.namespace() + ":" + binding.name();
    for (var topic : server.bootstrap()) {
      var literal = io.tidegate.config.Template.literal(topic.place(), topic.name());
      topics.bootstrapped(follow(binding, literal), topic.name(), by);
    }
  }

  /// Takes note of the topics that begin with what comes. To be called before `live`.
  void declareLive(Binding binding) {
    if (binding.protocol() instanceof Kafka kafka
        && kafka.options() instanceof Kafka.CacheServer server) {
      for (var topic : server.topics()) {
        if (topic.defaultOffset() == Kafka.Offset.LIVE) {
          var any = io.tidegate.config.Template.literal(topic.place(), topic.name().text());
          live.add(new Live(follow(binding, any), Pattern.of(topic.name().text())));
        }
      }
    }
  }

  /// The names of topics that begin, for a new reader, with what comes.
  List<Pattern> live(String cluster) {
    return live.stream().filter(it -> it.cluster.equals(cluster)).map(Live::names).toList();
  }

  /// To be called when all topics are known.
  void markLive(Topics topics) {
    live.forEach(it -> topics.live(it.cluster, it.names));
  }

  private String cluster(Binding binding, Kafka.Client client) {
    if (client.servers().isEmpty()) {
      clusters.computeIfAbsent(
          Cluster.EMBEDDED, name -> new Cluster(name, new Cluster.Servers.Embedded()));
      return Cluster.EMBEDDED;
    }
    var name = binding.namespace() + ":" + binding.name();
    clusters.computeIfAbsent(name, _ -> new Cluster(name, external(binding, client)));
    return name;
  }

  private Cluster.Servers external(Binding binding, Kafka.Client client) {
    return new Cluster.Servers.External(
        client.servers().stream().map(server -> server.host() + ":" + server.port()).toList(),
        binding.exit().map(config::binding).flatMap(exit -> tls(exit, client)),
        client.login().flatMap(this::sasl));
  }

  /// TLS, when that is what the client of the brokers leads through.
  private Optional<Cluster.Tls> tls(Binding exit, Kafka.Client client) {
    if (!(exit.protocol() instanceof Tls tls)) {
      return Optional.empty();
    }
    var hosts = client.servers().stream().map(Kafka.Server::host).toList();
    if (!hosts.containsAll(tls.options().sni())) {
      faults.notYet(tls.options().place(), "a server name that is not the broker's");
    }
    if (tls.options().version().isPresent() || !tls.options().alpn().isEmpty()) {
      faults.notYet(tls.options().place(), "a choice of 'version' or 'alpn' towards brokers");
    }
    var trust = vaults.trust(tls);
    return Optional.of(
        new Cluster.Tls(
            trust, tls.options().trustcacerts().orElse(trust.isEmpty()), vaults.keys(tls)));
  }

  private Optional<Cluster.Sasl> sasl(Kafka.Login login) {
    var fill = filler(login);
    return Optional.of(
        switch (login.credentials()) {
          case Kafka.Credentials.Token(var token) ->
              new Cluster.Sasl.OauthBearer(new Secret(fill.in(token.reveal())));
          case Kafka.Credentials.Password(var mechanism, var user, var password) -> {
            var secret = new Secret(fill.in(password.reveal()));
            yield switch (mechanism) {
              case SCRAM_SHA_256 -> new Cluster.Sasl.Scram(256, fill.in(user), secret);
              case SCRAM_SHA_512 -> new Cluster.Sasl.Scram(512, fill.in(user), secret);
              case PLAIN, OAUTHBEARER -> new Cluster.Sasl.Plain(fill.in(user), secret);
            };
          }
        });
  }

  /// `{identity}` and `{credentials}` of an inline guard.
  private record Filler(String identity, String credentials) {
    String in(String template) {
      return template.replace("{identity}", identity).replace("{credentials}", credentials);
    }
  }

  private Filler filler(Kafka.Login login) {
    if (login.guard().isEmpty()) {
      return new Filler("{identity}", "{credentials}");
    }
    var guard = config.guard(login.guard().get());
    if (guard instanceof Guard.Inline inline) {
      return new Filler(
          inline.identity().orElse(""), inline.credentials().map(Secret::reveal).orElse(""));
    }
    faults.add(
        Fault.of(
            login.place(),
            "guard '" + login.guard().get().name() + "' holds no credentials of its own",
            "an inline guard"));
    return new Filler("", "");
  }
}
