package io.tidegate.config;

import io.tidegate.config.Binding.Kind;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Events that are published for tenants, and delivered to what each of them has subscribed. All of
/// it is Tidegate's own.
public record EventDestinations(Options options) implements Protocol {

  /// @param topics those that there are; `*` stands for any run of characters; none: all
  /// @param strict topics that there are not are refused
  /// @param signature of destinations that do not say: `outpost` or `standard-webhooks`
  /// @param portal where tenants see their own things
  /// @param ordered each destination gets its events one after the other
  public record Options(
      Place place,
      List<String> topics,
      boolean strict,
      String signature,
      int mostDestinations,
      Optional<URI> portal,
      boolean ordered,
      DeliveryTerms terms,
      List<KafkaHttp.Network> allow,
      List<KafkaHttp.Network> deny,
      Optional<KafkaHttp.Server> proxy) {}

  static final Grammar GRAMMAR =
      Grammar.of("event-destinations", EventDestinations::read)
          .kind(Kind.REMOTE_SERVER, "http client")
          .entered("kafka cache_client", "kafka client");

  private static final Form<String> TOPIC =
      Form.text(
          Pattern.compile("[^\\p{Cntrl}]{0,127}[^\\p{Cntrl}\\s]"),
          "a topic, or a pattern with '*'");

  @Override
  public String type() {
    return GRAMMAR.type();
  }

  @Override
  public List<Route<?, ?>> routes() {
    return List.of();
  }

  private static EventDestinations read(Kind kind, Mapping binding) {
    if (!binding.has("exit")) {
      binding.fault("leads nowhere", "'exit' to an http client");
    }
    return new EventDestinations(binding.section("options", EventDestinations::options));
  }

  private static Options options(Mapping options) {
    var addresses = options.section("addresses", KafkaHttp::addresses);
    if (!options.hasItems("topics")) {
      options.forbid("unknown-topics", "without 'topics' every topic is known");
    }
    return new Options(
        options.place(),
        options.list("topics", TOPIC),
        options.or("unknown-topics", Form.word("refuse", "warn"), "refuse").equals("refuse"),
        options.or("signature", Form.word("outpost", "standard-webhooks"), "outpost"),
        Math.toIntExact(options.or("max-destinations", Form.number(1, 1_000_000), 20L)),
        options.optional("portal-url", Form.HTTP_URI),
        options.or("ordering", Form.word("none", "destination"), "none").equals("destination"),
        DeliveryTerms.read(options),
        addresses.getFirst(),
        addresses.getLast(),
        options.optional("proxy", Form.of("host:port", KafkaHttp::server)));
  }
}
