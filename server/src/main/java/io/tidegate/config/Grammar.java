package io.tidegate.config;

import io.tidegate.config.Binding.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/// One binding type: its legal kinds, where each may exit to (`type kind`), what it may be entered
/// from, and how the rest is read.
record Grammar(
    String type,
    BiFunction<Kind, Mapping, Protocol> reader,
    Map<Kind, Set<String>> exits,
    Set<String> entries) {

  /// The types of the grammar that other gateways run and this version does not.
  private static final Set<String> NOT_YET =
      Set.of(
          "amqp",
          "asyncapi",
          "fan",
          "grpc",
          "grpc-kafka",
          "kafka-grpc",
          "mcp",
          "mcp-http",
          "mcp-kafka",
          "mcp-kafka-connect",
          "mcp-openapi",
          "mcp-schema-registry",
          "mqtt",
          "mqtt-kafka",
          "openapi",
          "openapi-asyncapi");

  /// The types that run. Looked up late, since each type's class looks at this one first.
  private static List<Grammar> running() {
    return List.of(
        Protocol.Echo.GRAMMAR,
        Protocol.TenantApi.GRAMMAR,
        EventDestinations.GRAMMAR,
        Filesystem.GRAMMAR,
        Http.GRAMMAR,
        HttpFilesystem.GRAMMAR,
        HttpKafka.GRAMMAR,
        Kafka.GRAMMAR,
        KafkaHttp.GRAMMAR,
        ProxyProtocol.GRAMMAR,
        Sse.GRAMMAR,
        SseKafka.GRAMMAR,
        Tcp.GRAMMAR,
        Tls.GRAMMAR,
        WebhookKafka.GRAMMAR,
        Ws.GRAMMAR);
  }

  static final Form<Optional<Grammar>> FORM = Form.of("a binding type", Grammar::named);

  static Grammar of(String type, BiFunction<Kind, Mapping, Protocol> reader) {
    return new Grammar(type, reader, Map.of(), Set.of());
  }

  /// This type with one more legal kind.
  Grammar kind(Kind kind, String... exits) {
    var all = new EnumMap<Kind, Set<String>>(Kind.class);
    all.putAll(this.exits);
    all.put(kind, Set.of(exits));
    return new Grammar(type, reader, all, entries);
  }

  /// This type, for kinds that have an `entry`.
  Grammar entered(String... from) {
    return new Grammar(type, reader, exits, Set.of(from));
  }

  Set<String> exits(Kind kind) {
    return exits.getOrDefault(kind, Set.of());
  }

  static Grammar of(Protocol protocol) {
    return running().stream()
        .filter(grammar -> grammar.type.equals(protocol.type()))
        .findFirst()
        .orElseThrow();
  }

  /// The kind that the file gives, or the one it most likely means; empty when that is anyone's
  /// guess.
  Optional<Kind> kind(Mapping binding) {
    var kinds = new LinkedHashMap<String, Kind>();
    exits.keySet().forEach(kind -> kinds.put(kind.toString(), kind));
    var given =
        binding.required("kind", Form.of(Form.spoken(kinds.keySet()), it -> kind(it, kinds)));
    return given.isEmpty() && kinds.size() == 1 ? kinds.values().stream().findFirst() : given;
  }

  private Optional<Kind> kind(Value value, Map<String, Kind> kinds) {
    var expected = Form.spoken(kinds.keySet());
    var word = value.scalar(expected).orElse("");
    var nearest = Nearest.to(word, kinds.keySet());
    if (!word.isEmpty() && !kinds.containsKey(word)) {
      value.fault("the kind of " + type + " is not " + value.described(), expected, nearest);
    }
    return nearest.flatMap(it -> Optional.ofNullable(kinds.get(it)));
  }

  private static Optional<Grammar> named(Value value) {
    var name = value.scalar("a binding type");
    var found = running().stream().filter(it -> name.equals(Optional.of(it.type))).findFirst();
    if (name.isPresent() && found.isEmpty()) {
      reject(name.get(), value);
    }
    return found;
  }

  private static void reject(String name, Value value) {
    if (NOT_YET.contains(name)) {
      var problem =
          "binding type "
              + Fault.quote(name)
              + " is known but does not run in this version of Tidegate yet";
      value.fault(problem, "");
      return;
    }
    var types = new ArrayList<>(running().stream().map(Grammar::type).toList());
    var expected = Form.spoken(types.stream().sorted().toList());
    types.addAll(NOT_YET);
    value.fault("unknown binding type " + Fault.quote(name), expected, Nearest.to(name, types));
  }
}
