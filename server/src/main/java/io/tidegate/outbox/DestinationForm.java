package io.tidegate.outbox;

import io.tidegate.outbox.Destination.Disabled;
import io.tidegate.registry.Judgement.Fault;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Destinations as they lie in their topic, and as commands bring them.
///
///     {"tenant":"t","id":"des_…","life":1,"type":"webhook","topics":["a"],"filter":"{…}",
///      "config":{"url":"…"},"credentials":{"secret":"sealed:…"},"disabled":{"at":…,"reason":"…"}}
final class DestinationForm {
  private static final int LONGEST_FILTER = 64 << 10;

  private DestinationForm() {}

  static Destination read(ObjectNode document, List<Fault> faults) {
    var id = Words.text(document.get("id"));
    var tenant = Words.text(document.get("tenant"));
    if (!Ids.isLegal(id) || !Ids.isLegal(tenant)) {
      faults.add(
          new Fault("/id", "1 to 255 characters without slashes and control characters expected"));
    }
    return new Destination(
        tenant,
        id,
        document.path("life").asInt(0),
        Words.text(document.get("type")).intern(),
        Subscription.read(document.get("topics"), faults),
        filter(document.get("filter"), faults),
        Words.read(document.get("config"), "/config", faults).orElse(Map.of()),
        Words.read(document.get("credentials"), "/credentials", faults).orElse(Map.of()),
        Words.read(document.get("delivery_metadata"), "/delivery_metadata", faults),
        Words.read(document.get("metadata"), "/metadata", faults),
        disabled(document.get("disabled")),
        Math.max(0, document.path("owed_from").asLong(0)),
        moment(document.get("deleted")));
  }

  private static Optional<String> filter(@Nullable JsonNode node, List<Fault> faults) {
    var text = Words.text(node);
    if (text.length() > LONGEST_FILTER) {
      faults.add(new Fault("/filter", "at most " + LONGEST_FILTER + " characters expected"));
    }
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static Optional<Disabled> disabled(@Nullable JsonNode node) {
    return node instanceof ObjectNode disabled
        ? moment(disabled.get("at")).map(at -> new Disabled(at, Words.text(disabled.get("reason"))))
        : Optional.empty();
  }

  private static Optional<Instant> moment(@Nullable JsonNode node) {
    return node != null && node.isIntegralNumber()
        ? Optional.of(Instant.ofEpochMilli(node.asLong()))
        : Optional.empty();
  }

  static ObjectNode write(Destination value) {
    var document = JsonNodeFactory.instance.objectNode();
    document.put("tenant", value.tenant()).put("id", value.id()).put("life", value.life());
    document.put("type", value.type()).set("topics", value.topics().write());
    value.filter().ifPresent(filter -> document.put("filter", filter));
    document.set("config", Words.write(value.config()));
    document.set("credentials", Words.write(value.credentials()));
    value
        .deliveryMetadata()
        .ifPresent(words -> document.set("delivery_metadata", Words.write(words)));
    value.metadata().ifPresent(words -> document.set("metadata", Words.write(words)));
    value
        .disabled()
        .ifPresent(disabled ->
            document
                .putObject("disabled")
                .put("at", disabled.at().toEpochMilli())
                .put("reason", disabled.reason()));
    if (value.owedFrom() > 0) {
      document.put("owed_from", value.owedFrom());
    }
    value.deleted().ifPresent(at -> document.put("deleted", at.toEpochMilli()));
    return document;
  }
}
