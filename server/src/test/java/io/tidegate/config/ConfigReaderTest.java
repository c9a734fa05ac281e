package io.tidegate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.config.Template.Part;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigReaderTest {
  private static final Path GOOD = Path.of("src/test/resources/config/good");
  private static final Map<String, String> ENV =
      Map.of("KAFKA", "broker.example:9092", "PASSWORD", "s3cret");

  @Test
  void readsAListenerWithItsPlace() {
    var tcp = protocol(Tcp.class, "worked-example.yaml", "in_tcp");

    assertThat(tcp.options().host()).contains("0.0.0.0");
    assertThat(tcp.options().ports())
        .extracting(Tcp.Ports::first, Tcp.Ports::last, it -> it.place().toString())
        .containsExactly(tuple(7114, 7114, "worked-example.yaml:4: bindings.in_tcp.options.port"));
  }

  @Test
  void readsPortRangesAndNetworks() {
    var tcp = protocol(Tcp.class, "tcp-echo.yaml", "listen");

    assertThat(tcp.options().ports()).extracting(Tcp.Ports::last).containsExactly(12345, 12402);
    assertThat(tcp.routes().getFirst().when().getFirst().cidr()).contains("127.0.0.0/8");
  }

  @Test
  void readsAccessControlAndCredentials() {
    var options = protocol(Http.class, "worked-example.yaml", "in_http").options();

    assertThat(options.versions()).containsExactlyInAnyOrder(Http.Version.values());
    assertThat(options.accessControl())
        .isInstanceOfSatisfying(
            Http.AccessControl.CrossOrigin.class,
            cross -> {
              assertThat(cross.allow().origins()).containsExactly("https://app.example");
              assertThat(cross.allow().credentials()).isTrue();
              assertThat(cross.maxAge()).contains(Duration.ofMinutes(10));
              assertThat(cross.exposed()).containsExactly("etag");
            });
    assertThat(options.authorization().orElseThrow().headers())
        .containsEntry("authorization", "Bearer {credentials}");
  }

  @Test
  void putsRoutesBeforeTheExit() {
    var binding = binding("worked-example.yaml", "in_http");

    assertThat(binding.exits())
        .extracting(Reference::toString)
        .containsExactly("demo:map_http", "demo:map_http");
    assertThat(binding.protocol().routes().getFirst().guarded().getFirst().roles())
        .containsExactly("write:orders");
  }

  @Test
  void splitsTemplatesIntoTheirParts() {
    var produce = with(HttpKafka.Produce.class, "worked-example.yaml", "map_http", 0);

    assertThat(produce.key().orElseThrow().parts())
        .containsExactly(
            new Part.HeaderValue("x-tenant"), new Part.Text("-"), new Part.IdempotencyKey());
    assertThat(produce.overrides().get("who").parts())
        .singleElement()
        .isInstanceOfSatisfying(
            Part.Identity.class, it -> assertThat(it.guard()).hasToString("demo:staff"));
    assertThat(produce.overrides().keySet()).containsExactly("source", "who");
    assertThat(produce.topic().isLiteral()).isTrue();
    assertThat(produce.maxBody()).contains(1L << 20);
    assertThat(produce.acks()).isEqualTo(HttpKafka.Acks.IN_SYNC_REPLICAS);
    assertThat(produce.replyTo()).isEmpty();
  }

  @Test
  void readsAnAsynchronousRoute() {
    var produce = with(HttpKafka.Produce.class, "worked-example.yaml", "map_http", 1);

    assertThat(produce.async().get("location").parts())
        .containsExactly(
            new Part.Text("/orders/"),
            new Part.Param("id"),
            new Part.Text(";cid="),
            new Part.CorrelationId());
    assertThat(produce.timeout()).contains(Duration.ofSeconds(20));
    assertThat(produce.acks()).isEqualTo(HttpKafka.Acks.LEADER_ONLY);
  }

  @Test
  void readsFiltersAndMerge() {
    var one = with(HttpKafka.Fetch.class, "worked-example.yaml", "map_http", 2);
    var many = with(HttpKafka.Fetch.class, "worked-example.yaml", "map_http", 3);

    assertThat(one.merge()).isFalse();
    assertThat(one.filters().getFirst().headers().get("tenant").parts())
        .containsExactly(new Part.QueryValue("tenant"));
    assertThat(many.merge()).isTrue();
  }

  @Test
  void namesHeadersAsTheOptionsSay() {
    var renamed = protocol(HttpKafka.class, "http-kafka-sync.yaml", "map").options();
    var usual = protocol(HttpKafka.class, "worked-example.yaml", "map_http").options();

    assertThat(renamed.correlationIdHeader()).isEqualTo("x:correlation-id");
    assertThat(renamed.idempotencyHeader()).isEqualTo("idempotency-key");
    assertThat(usual.replyToHeader()).isEqualTo("zilla:reply-to");
    assertThat(usual.idempotencyHeader()).isEqualTo("x-request-id");
  }

  @Test
  void passesOnChosenHeadersButNeverCredentials() {
    var headers = with(HttpKafka.Produce.class, "worked-example.yaml", "map_http", 0).headers();

    assertThat(headers.selects("x-github-event")).isTrue();
    assertThat(headers.selects("accept")).isFalse();
    assertThat(new HeaderSelection(List.of("*")).selects("accept")).isTrue();
    assertThat(new HeaderSelection(List.of("*", "a*")).selects("authorization")).isFalse();
  }

  @Test
  void takesAClusterWithoutServersAsTheEmbeddedNode() {
    var kafka = protocol(Kafka.class, "http-kafka-cache-embedded.yaml", "cluster");

    assertThat(kafka.options())
        .isInstanceOfSatisfying(
            Kafka.Client.class, client -> assertThat(client.servers()).isEmpty());
  }

  @Test
  void readsLoginsOfBothVersions() {
    var two = login("http-kafka-oneway-secured.yaml");
    var one = login("kafka-sasl-of-version-1.yaml");

    assertThat(two.guard()).get().hasToString("oneway:account");
    assertThat(two.credentials())
        .isEqualTo(
            new Kafka.Credentials.Password(
                Kafka.Mechanism.SCRAM_SHA_512, "{identity}", new Secret("{credentials}")));
    assertThat(one.guard()).isEmpty();
    assertThat(one.credentials())
        .isEqualTo(
            new Kafka.Credentials.Password(
                Kafka.Mechanism.SCRAM_SHA_256, "bob", new Secret("s3cret")));
  }

  @Test
  void keepsSecretsOutOfWhatItPrints() {
    var config = config("http-kafka-oneway-secured.yaml");

    assertThat(config.toString()).doesNotContain("s3cret").contains("***");
  }

  @Test
  void findsTheKeysOfAGuardByItsIssuer() {
    var guards = config("http-proxy-jwt.yaml").namespaces().getFirst().guards();

    assertThat(((Guard.Jwt) guards.get("discovered")).keys())
        .hasToString("Remote[location=https://auth.example/.well-known/jwks.json]");
    assertThat(((Guard.Jwt) guards.get("tokens")).attributes()).containsEntry("tenant", "org.id");
  }

  @Test
  void choosesMetricsByExpression() {
    var metering = binding("http-metrics.yaml", "speak").telemetry();

    assertThat(metering.metrics())
        .containsExactly(
            "http.request.size", "http.response.size", "http.duration", "http.active.requests");
    assertThat(metering.attributes().get("status").parts()).containsExactly(new Part.Status());
  }

  @Test
  void readsEventStreams() {
    var with = protocol(SseKafka.class, "sse-kafka-fanout.yaml", "map").routes().getFirst().with();

    assertThat(with.topic().parts()).containsExactly(new Part.Param("topic"));
    assertThat(with.eventId()).isEqualTo(SseKafka.EventId.KEY_AND_ETAG);
  }

  @Test
  void followsNamesIntoOtherNamespaces() {
    var config = config("two-namespaces.yaml");
    var exit = config.namespaces().getFirst().bindings().get("speak").exits().getFirst();

    assertThat(config.binding(exit).type()).isEqualTo("echo");
    assertThatThrownBy(
            () -> config.binding(new Reference(exit.place(), exit.target(), "back", "nobody")))
        .hasMessageContaining("no binding back:nobody");
  }

  @Test
  void takesSchemasOutOfCatalogs() {
    var cache = protocol(Kafka.class, "models-and-catalogs.yaml", "cache");

    var topic = ((Kafka.CacheClient) cache.options()).topics().getFirst();
    assertThat(topic.value())
        .get()
        .isInstanceOfSatisfying(
            Model.Structured.class,
            model -> {
              assertThat(model.jsonView()).isTrue();
              assertThat(model.catalog()).hasToString("typed:registry");
              assertThat(model.schemas())
                  .containsExactly(new Model.SchemaChoice.ByStrategy("topic", "latest"));
            });
  }

  @Test
  void warnsOfTokensThatCannotBeGood() {
    var loaded = read("name: a\nguards: {g: {type: jwt, options: {issuer: i}}}\n");

    assertThat(loaded)
        .isInstanceOfSatisfying(
            Loaded.Ok.class,
            ok ->
                assertThat(ok.warnings())
                    .singleElement()
                    .hasToString(
                        "a.yaml:2: guards.g.options: without 'issuer' and 'audience' every token is"
                            + " refused"));
  }

  @Test
  void saysThatAFileIsMissing() {
    var loaded = new ConfigReader(ENV::get).read(Path.of("nowhere", "zilla.yaml"));

    assertThat(report(loaded)).startsWith("zilla.yaml:1: the file cannot be read");
  }

  @Test
  void refusesWhatIsNotUtf8WithItsPlace() {
    var bytes = "name: a\nbindings: \u00e4".getBytes(StandardCharsets.ISO_8859_1);

    var loaded = new ConfigReader(ENV::get).read("a.yaml", Bytes.wrap(bytes));

    assertThat(loaded)
        .isInstanceOfSatisfying(
            Loaded.Refused.class,
            refused -> {
              var fault = refused.report().faults().getFirst();
              assertThat(fault).hasToString("a.yaml:2: the text is not UTF-8");
              assertThat(fault.place().column()).isEqualTo(11);
            });
  }

  @Test
  void countsLinesAsWrittenBehindAVariableOfSeveral() {
    var reader = new ConfigReader(_ -> "a\n\n");

    var loaded = reader.read("a.yaml", Bytes.utf8("name: ${{env.X}}\r\nother: 1\n"));

    assertThat(report(loaded)).startsWith("a.yaml:2: other: unknown key");
  }

  @Test
  void takesAByteOrderMark() {
    assertThat(read("\uFEFFname: a\n")).isInstanceOf(Loaded.Ok.class);
  }

  @Test
  void refusesHugeFiles() {
    var text = "# ".repeat(ConfigReader.MOST_BYTES / 2) + "#";

    assertThat(report(read(text))).isEqualTo("a.yaml:1: the file is larger than 1 MiB");
  }

  @Test
  void refusesFilesThatVariablesMakeHuge() {
    var reader = new ConfigReader(_ -> "x".repeat(ConfigReader.MOST_BYTES));

    var loaded = reader.read("a.yaml", Bytes.utf8("name: ${{env.X}}\n"));

    assertThat(report(loaded)).contains("with its variables replaced");
  }

  @Test
  void refusesTreesThatAliasesMakeHuge() {
    var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (var i = 1; i < 9; i++) {
      var before = "*a" + (i - 1) + ", ";
      text.append("a%d: &a%d [%s]\n".formatted(i, i, before.repeat(10)));
    }

    assertThat(report(read(text.toString()))).contains("more than 50000 values");
  }

  @Test
  void refusesDeepNesting() {
    var flow = "name: " + "[".repeat(100_000);
    var aliases = "a: &a " + "[".repeat(30) + "]".repeat(30) + "\nb: " + "[".repeat(30) + "*a";

    assertThat(report(read(flow))).contains("nested more than 40 levels deep");
    assertThat(report(read(aliases))).contains("nested more than 40 levels deep");
  }

  @Test
  void boundsItsReport() {
    var text = new StringBuilder("name: a\n");
    for (var i = 0; i < 5000; i++) {
      text.append("key").append(i).append(": 1\n");
    }

    var report = report(read(text.toString()));

    assertThat(report.lines()).hasSize(201).last().asString().contains("... and");
  }

  private static Loaded read(String text) {
    return new ConfigReader(ENV::get).read("a.yaml", Bytes.utf8(text));
  }

  private static String report(Loaded loaded) {
    return ((Loaded.Refused) loaded).report().toString();
  }

  private static GatewayConfig config(String file) {
    return ((Loaded.Ok) new ConfigReader(ENV::get).read(GOOD.resolve(file))).config();
  }

  private static Binding binding(String file, String name) {
    return config(file).namespaces().getFirst().bindings().get(name);
  }

  private static <P extends Protocol> P protocol(Class<P> type, String file, String name) {
    return type.cast(binding(file, name).protocol());
  }

  private static <W extends HttpKafka.With> W with(
      Class<W> type, String file, String name, int route) {
    return type.cast(protocol(HttpKafka.class, file, name).routes().get(route).with());
  }

  private static Kafka.Login login(String file) {
    var options = protocol(Kafka.class, file, "cluster").options();
    return ((Kafka.Client) options).login().orElseThrow();
  }
}
