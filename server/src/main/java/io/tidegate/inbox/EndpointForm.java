package io.tidegate.inbox;

import io.tidegate.inbox.Endpoint.Ack;
import io.tidegate.inbox.Endpoint.Answer;
import io.tidegate.inbox.Endpoint.HandshakeSpec;
import io.tidegate.inbox.Endpoint.Limits;
import io.tidegate.inbox.Endpoint.Revoked;
import io.tidegate.inbox.Endpoint.Verification;
import io.tidegate.plan.WebhookMapping.Said;
import io.tidegate.registry.Judgement.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An endpoint without its secrets as a JSON document: the same in commands, snapshots and the
/// management API. What is not said is as in `USUAL`.
///
///     {"topic":"webhooks.github","verification":{"preset":"github"},"forward":["x-github-event"],
///      "ack":"durable","limits":{"body":1048576,"per_second":100,"burst":200,"dedup_seconds":600}}
public final class EndpointForm {
  /// What may be set; everything else belongs to the registry.
  public static final Set<String> FIELDS =
      Set.of(
          "topic",
          "description",
          "verification",
          "handshakes",
          "ack",
          "answer",
          "key",
          "forward",
          "content_types",
          "limits",
          "expires_at");

  /// What holds when nothing else is said.
  ///
  /// @param forward `x-*` stands for all that begin with `x-`
  public record Terms(
      Ack ack,
      Answer answer,
      String key,
      List<String> forward,
      List<String> contentTypes,
      Limits limits) {
    public static final Terms USUAL =
        new Terms(
            Ack.DURABLE,
            new Answer(OptionalInt.empty(), "", ""),
            "",
            List.of("x-*", "user-agent"),
            List.of(),
            new Limits(1 << 20, OptionalInt.empty(), 1, Duration.ofMinutes(10)));

    public Terms {
      forward = List.copyOf(forward);
      contentTypes = List.copyOf(contentTypes);
    }
  }

  private static final int LARGEST_BODY = 32 << 20;
  private static final int FASTEST = 1_000_000;
  private static final int MOST_NAMES = 32;
  private static final int MOST_HANDSHAKES = 10;
  private static final int LONGEST_ANSWER = 16 << 10;
  private static final Duration LONGEST_WINDOW = Duration.ofDays(7);

  /// What the endpoint does not say itself: `WebhookConfig` may change it.
  private static final String INHERITED = "inherited";

  private static final Shared SHARED = new Shared();

  private EndpointForm() {}

  /// Who the endpoint is, which a document cannot say.
  record Identity(String id, long version) {}

  /// @param faults receives what is wrong; the result is of no use then
  static Endpoint read(Identity identity, ObjectNode document, Terms usual, List<Fault> faults) {
    var fields = new Fields(document, "", faults);
    return new Endpoint(
        identity.id(),
        identity.version(),
        SHARED.value(fields.text("topic", "", 249)),
        fields.text("description", "", 1024),
        SHARED.value(verification(fields.in("verification"))),
        List.of(),
        handshakes(fields),
        ack(fields, usual.ack()),
        SHARED.value(answer(fields.in("answer"), usual.answer())),
        SHARED.value(fields.text("key", usual.key(), 1024)),
        SHARED.value(lower(fields.texts("forward", usual.forward(), MOST_NAMES))),
        SHARED.value(lower(fields.texts("content_types", usual.contentTypes(), MOST_NAMES))),
        SHARED.value(limits(fields.in("limits"), usual.limits())),
        fields.time("expires_at"),
        revoked(fields),
        SHARED.value(said(fields, document)));
  }

  private static Said said(Fields fields, ObjectNode document) {
    if (!fields.has(INHERITED)) {
      var limits = document.path("limits");
      return new Said(
          limits.hasNonNull("body"), limits.hasNonNull("per_second"), fields.has("forward"));
    }
    var inherited = fields.texts(INHERITED, List.of(), MOST_NAMES);
    return new Said(
        !inherited.contains("limits.body"),
        !inherited.contains("limits.per_second"),
        !inherited.contains("forward"));
  }

  private static Verification verification(Fields fields) {
    var preset = fields.text("preset", Verification.NONE.preset(), 64);
    var tolerance = fields.number("tolerance_seconds", 1, 86_400);
    return new Verification(
        preset,
        fields.words("parameters", MOST_NAMES),
        tolerance.isPresent()
            ? Optional.of(Duration.ofSeconds(tolerance.getAsLong()))
            : Optional.empty());
  }

  private static List<HandshakeSpec> handshakes(Fields fields) {
    return fields.each("handshakes", MOST_HANDSHAKES).stream()
        .map(each ->
            SHARED.value(new HandshakeSpec(each.text("name", "", 64), each.words("parameters", 8))))
        .toList();
  }

  private static Ack ack(Fields fields, Ack usual) {
    return switch (fields.text("ack", usual.name().toLowerCase(Locale.ROOT), 16)) {
      case "durable" -> Ack.DURABLE;
      case "memory" -> Ack.MEMORY;
      default -> {
        fields.fault("ack", "durable or memory");
        yield usual;
      }
    };
  }

  private static Answer answer(Fields fields, Answer usual) {
    var status = fields.number("status", 200, 299);
    return new Answer(
        status.isPresent() ? OptionalInt.of((int) status.getAsLong()) : usual.status(),
        fields.text("content_type", usual.contentType(), 128),
        fields.text("body", usual.body(), LONGEST_ANSWER));
  }

  private static Limits limits(Fields fields, Limits usual) {
    var perSecond = integer(fields.number("per_second", 1, FASTEST), usual.perSecond());
    var burst = fields.number("burst", 1, FASTEST);
    var window = fields.number("dedup_seconds", 0, LONGEST_WINDOW.toSeconds());
    return new Limits(
        fields.number("body", 1, LARGEST_BODY).orElse(usual.body()),
        perSecond,
        (int) burst.orElse(Math.max(usual.burst(), perSecond.orElse(1))),
        window.isPresent() ? Duration.ofSeconds(window.getAsLong()) : usual.window());
  }

  private static OptionalInt integer(OptionalLong number, OptionalInt otherwise) {
    return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : otherwise;
  }

  private static Optional<Revoked> revoked(Fields fields) {
    if (!fields.has("revoked")) {
      return Optional.empty();
    }
    var revoked = fields.in("revoked");
    var at = revoked.time("at").orElse(Instant.EPOCH);
    return Optional.of(new Revoked(at, revoked.text("reason", "unspecified", 512)));
  }

  private static List<String> lower(List<String> names) {
    return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }

  /// Everything, also what is as usual. No secrets, and no parameter of a handshake that is one.
  public static ObjectNode shown(Endpoint endpoint) {
    var document = write(endpoint, endpoint.handshakes(), true);
    for (var handshake : document.withArray("handshakes")) {
      if (handshake.get("parameters") instanceof ObjectNode parameters
          && parameters.has(SealedSecret.VERIFY_TOKEN)) {
        parameters.put(SealedSecret.VERIFY_TOKEN, "***");
      }
    }
    return document;
  }

  /// @param handshakes with their secrets sealed
  /// @param all also what is as usual
  static ObjectNode write(Endpoint endpoint, List<HandshakeSpec> handshakes, boolean all) {
    var usual = Terms.USUAL;
    var document = JsonNodeFactory.instance.objectNode();
    document.put("topic", endpoint.topic());
    if (all || !endpoint.description().isEmpty()) {
      document.put("description", endpoint.description());
    }
    if (all || !endpoint.verification().equals(Verification.NONE)) {
      write(document.putObject("verification"), endpoint.verification());
    }
    if (all || !handshakes.isEmpty()) {
      var list = document.putArray("handshakes");
      for (var each : handshakes) {
        put(list.addObject().put("name", each.name()).putObject("parameters"), each.parameters());
      }
    }
    if (all || endpoint.ack() != usual.ack()) {
      document.put("ack", endpoint.ack().name().toLowerCase(Locale.ROOT));
    }
    if (all || !endpoint.answer().equals(usual.answer())) {
      write(document.putObject("answer"), endpoint.answer());
    }
    if (all || !endpoint.key().equals(usual.key())) {
      document.put("key", endpoint.key());
    }
    if (all || !endpoint.forward().equals(usual.forward())) {
      endpoint.forward().forEach(document.putArray("forward")::add);
    }
    if (all || !endpoint.contentTypes().equals(usual.contentTypes())) {
      endpoint.contentTypes().forEach(document.putArray("content_types")::add);
    }
    if (all || !endpoint.limits().equals(usual.limits())) {
      write(document.putObject("limits"), endpoint.limits());
    }
    endpoint.expires().ifPresent(at -> document.put("expires_at", at.toString()));
    inherited(endpoint.said(), document.putArray(INHERITED));
    endpoint
        .revoked()
        .ifPresent(revoked ->
            document
                .putObject("revoked")
                .put("at", revoked.at().toString())
                .put("reason", revoked.reason()));
    return document;
  }

  private static void inherited(Said said, ArrayNode names) {
    if (!said.bodyLimit()) {
      names.add("limits.body");
    }
    if (!said.rate()) {
      names.add("limits.per_second");
    }
    if (!said.forward()) {
      names.add("forward");
    }
  }

  /// What the endpoint says itself: a document to change, or to make another one from.
  ///
  /// @param handshakes with their secrets sealed
  static ObjectNode own(Endpoint endpoint, List<HandshakeSpec> handshakes) {
    var document = write(endpoint, handshakes, true);
    document.remove(INHERITED);
    var limits = document.withObject("limits");
    if (!endpoint.said().bodyLimit()) {
      limits.remove("body");
    }
    if (!endpoint.said().rate()) {
      limits.remove("per_second");
      if (endpoint.limits().burst() == endpoint.limits().perSecond().orElse(1)) {
        limits.remove("burst");
      }
    }
    if (!endpoint.said().forward()) {
      document.remove("forward");
    }
    return document;
  }

  private static void write(ObjectNode out, Verification verification) {
    out.put("preset", verification.preset());
    if (!verification.parameters().isEmpty()) {
      put(out.putObject("parameters"), verification.parameters());
    }
    verification
        .tolerance()
        .ifPresent(tolerance -> out.put("tolerance_seconds", tolerance.toSeconds()));
  }

  private static void write(ObjectNode out, Answer answer) {
    answer.status().ifPresent(status -> out.put("status", status));
    out.put("content_type", answer.contentType()).put("body", answer.body());
  }

  private static void write(ObjectNode out, Limits limits) {
    out.put("body", limits.body());
    limits.perSecond().ifPresent(rate -> out.put("per_second", rate));
    out.put("burst", limits.burst()).put("dedup_seconds", limits.window().toSeconds());
  }

  private static void put(ObjectNode out, Map<String, String> words) {
    words.forEach(out::put);
  }
}
