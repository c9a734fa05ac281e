package io.tidegate.admin;

import io.tidegate.http.Reply;
import io.tidegate.outbox.DestinationType;
import io.tidegate.outbox.TypeSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What can be read about event destinations as a whole: health, topics, types, what is configured.
final class OutboxPages {
  private OutboxPages() {}

  /// Whether all works; what does not is named, and why is for operators (`/health`).
  static Reply health(OutboxCall call) {
    var health = call.parts().health();
    var body = ApiJson.object();
    body.put("status", health.isReady() ? "healthy" : "failed");
    body.put("timestamp", call.parts().time().now().toString());
    var workers = body.putObject("workers");
    workers.putObject("http-server").put("status", "healthy");
    health.troubles().keySet().forEach(name -> workers.putObject(name).put("status", "failed"));
    return ApiJson.reply(health.isReady() ? 200 : 503, body);
  }

  static Reply topics(OutboxCall call) {
    var list = ApiJson.object().arrayNode();
    call.parts().outbox().settings().topics().names().forEach(list::add);
    return ApiJson.reply(200, list);
  }

  static Reply types(OutboxCall call) {
    var list = ApiJson.object().arrayNode();
    call.parts().outbox().settings().types().all().forEach(type -> list.add(shown(type.schema())));
    return ApiJson.reply(200, list);
  }

  static Reply type(OutboxCall call) {
    return call.parts()
        .outbox()
        .settings()
        .types()
        .find(call.names().getFirst())
        .map(DestinationType::schema)
        .map(schema -> ApiJson.reply(200, shown(schema)))
        .orElseThrow(OutboxCall::notFound);
  }

  private static ObjectNode shown(TypeSchema schema) {
    var body = ApiJson.object().put("type", schema.type()).put("label", schema.label());
    body.put("description", schema.description()).put("icon", schema.icon());
    body.put("instructions", schema.instructions());
    fields(schema.config(), body.putArray("config_fields"));
    fields(schema.credentials(), body.putArray("credential_fields"));
    return body;
  }

  private static void fields(List<TypeSchema.Field> fields, ArrayNode list) {
    for (var field : fields) {
      var body = list.addObject().put("key", field.key()).put("type", field.type().word());
      body.put("label", field.label()).put("description", field.description());
      body.put("required", field.required()).put("sensitive", field.sensitive());
      field.usual().ifPresent(value -> body.put("default", value));
      field.bounds().shortest().ifPresent(length -> body.put("minlength", length));
      field.bounds().longest().ifPresent(length -> body.put("maxlength", length));
      field.bounds().pattern().ifPresent(regex -> body.put("pattern", regex));
      if (!field.bounds().options().isEmpty()) {
        var options = body.putArray("options");
        new TreeMap<>(field.bounds().options())
            .forEach((value, label) -> options.addObject().put("label", label).put("value", value));
      }
    }
  }

  /// What is in force, by Outpost's names; it is changed in the file.
  static Reply config(OutboxCall call) {
    var settings = call.parts().outbox().settings();
    var body = ApiJson.object();
    body.put("TOPICS", String.join(",", settings.topics().names()));
    body.put("TOPICS_ALLOW_WILDCARDS", "true");
    body.put("MAX_DESTINATIONS_PER_TENANT", Integer.toString(settings.mostDestinations()));
    return ApiJson.reply(200, body);
  }

  /// Null where there are none.
  static void words(ObjectNode body, String name, Optional<Map<String, String>> words) {
    if (words.isEmpty()) {
      body.putNull(name);
    } else {
      new TreeMap<>(words.get()).forEach(body.putObject(name)::put);
    }
  }
}
