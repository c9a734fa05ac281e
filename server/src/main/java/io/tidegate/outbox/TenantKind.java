package io.tidegate.outbox;

import io.tidegate.registry.Command;
import io.tidegate.registry.Judgement;
import io.tidegate.registry.Judgement.Accepted;
import io.tidegate.registry.Judgement.Fault;
import io.tidegate.registry.Judgement.Rejected;
import io.tidegate.registry.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Tenants as a kind of registry: `upsert`, `delete`. A deleted one keeps its place for ever; an
/// upsert begins its next life, with nothing of the last one.
///
///     (unknown) --upsert--> life 1 --upsert--> life 1 --delete--> deleted --upsert--> life 2
public final class TenantKind implements Kind<Tenant> {
  public static final String NAME = "tenant";
  public static final String TOPIC = "tidegate.tenants";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String topic() {
    return TOPIC;
  }

  @Override
  public String idField() {
    return "tenant_id";
  }

  @Override
  public Judgement<Tenant> judge(Optional<Tenant> present, Command command, long version) {
    if (!Ids.isLegal(command.id())) {
      return new Rejected<>(
          "invalid",
          List.of(
              new Fault(
                  "/tenant_id", "1 to 255 characters without slashes and control characters")));
    }
    return switch (command.action()) {
      case "upsert" -> upserted(present, command);
      case "delete" -> {
        if (present.isEmpty() || present.get().isDeleted()) {
          yield Rejected.of("unknown", "there is no tenant of that id");
        }
        yield new Accepted<>(
            new Tenant(
                Optional.empty(),
                present.get().life(),
                present.get().born(),
                Optional.of(command.at())));
      }
      default -> Rejected.of("unknown_action", "upsert or delete was expected");
    };
  }

  private static Judgement<Tenant> upserted(Optional<Tenant> present, Command command) {
    var faults = new ArrayList<Fault>();
    var metadata = Words.read(command.body().get("metadata"), "/metadata", faults);
    if (!faults.isEmpty()) {
      return new Rejected<>("invalid", faults);
    }
    var living = present.filter(tenant -> !tenant.isDeleted());
    return new Accepted<>(
        new Tenant(
            metadata,
            living.map(Tenant::life).orElse(present.map(Tenant::life).orElse(0) + 1),
            living.map(Tenant::born).orElse(command.at()),
            Optional.empty()));
  }

  @Override
  public ObjectNode write(Tenant value) {
    var document = JsonNodeFactory.instance.objectNode();
    value.metadata().ifPresent(words -> document.set("metadata", Words.write(words)));
    document.put("life", value.life()).put("born", value.born().toEpochMilli());
    value.deleted().ifPresent(at -> document.put("deleted", at.toEpochMilli()));
    return document;
  }

  @Override
  public Tenant read(String id, long version, ObjectNode written) {
    var faults = new ArrayList<Fault>();
    var metadata = Words.read(written.get("metadata"), "/metadata", faults);
    if (!faults.isEmpty() || !written.path("life").isIntegralNumber()) {
      throw new IllegalArgumentException("not a tenant");
    }
    return new Tenant(
        metadata,
        written.path("life").asInt(),
        Instant.ofEpochMilli(written.path("born").asLong(0)),
        written.has("deleted")
            ? Optional.of(Instant.ofEpochMilli(written.path("deleted").asLong(0)))
            : Optional.empty());
  }
}
