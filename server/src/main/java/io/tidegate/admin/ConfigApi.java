package io.tidegate.admin;

import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.inbox.ConfigKind;
import io.tidegate.inbox.WebhookConfig;
import io.tidegate.registry.Outcome;
import io.tidegate.registry.Registries;
import io.tidegate.registry.Registry;
import io.tidegate.registry.Snapshot;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/webhooks/config`: what is set for all webhooks at run time. `null` stands for what the
/// file says. Straight-line code for virtual threads.
///
///     GET   {"max_body_size_bytes":65536,"rate_limit_per_second":null,…}
///     PATCH {"max_body_size_bytes":null}      merge patch
final class ConfigApi {
  private final Registries registries;
  private final Optional<Registry<WebhookConfig>> registry;
  private final ConfigKind kind = new ConfigKind();

  ConfigApi(EndpointParts parts) {
    this.registries = parts.registries();
    this.registry = parts.config();
  }

  Reply read() {
    var found = registry().find(ConfigKind.ID);
    var set = kind.write(found.map(Snapshot::value).orElse(WebhookConfig.NONE));
    var body = ApiJson.object();
    new TreeSet<>(ConfigKind.KEYS).forEach(body::putNull);
    body.setAll(set);
    return ApiJson.reply(200, body, "etag", found.map(EndpointsApi::etag).orElse("\"0\""));
  }

  Reply update(Request request) {
    var _ = registry();
    var command = ApiJson.object();
    command.setAll(checked(ApiJson.body(request)));
    command.put("kind", kind.name()).put("action", ConfigKind.ACTION);
    var outcome =
        registries.submit(
            EndpointsApi.expecting(EndpointsApi.signed(command), request), EndpointsApi.LIMIT);
    return outcome instanceof Outcome.Accepted ? read() : EndpointsApi.refused(outcome);
  }

  /// Words of commands are none of a patch.
  private static ObjectNode checked(ObjectNode body) {
    for (var key : body.propertyNames()) {
      if (!ConfigKind.KEYS.contains(key)) {
        throw Problem.of(
                422, "invalid", "one of " + new TreeSet<>(ConfigKind.KEYS) + " was expected")
            .refuse();
      }
    }
    return body;
  }

  private Registry<WebhookConfig> registry() {
    return registry.orElseThrow(
        () -> Problem.of(503, "no_registry", "there is no topic " + ConfigKind.TOPIC).refuse());
  }
}
