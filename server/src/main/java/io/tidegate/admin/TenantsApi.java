package io.tidegate.admin;

import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.outbox.Tenant;
import io.tidegate.registry.Outcome;
import io.tidegate.registry.Snapshot;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/tenants`. Straight-line code for virtual threads.
///
///     GET    /tenants?id&limit&dir&next&prev   list
///     PUT    /tenants/{tenant} {metadata}      create, or replace the metadata
///     GET    /tenants/{tenant}                 read        DELETE  with all its destinations
///     GET    /tenants/{tenant}/token           a token for the tenant's browser
///     GET    /tenants/{tenant}/portal?theme    the portal's URL with such a token
final class TenantsApi {
  private static final int USUAL = 20;
  private static final int MOST = 100;

  private TenantsApi() {}

  /// A tenant finds itself.
  static Reply list(OutboxCall call) {
    var page = Page.read(call.request().query(), USUAL, MOST);
    var wanted = call.values("id");
    var tenants =
        call.parts().outbox().directory().tenants().stream()
            .filter(each -> call.tenant().map(each.id()::equals).orElse(true))
            .filter(each -> wanted.isEmpty() || wanted.contains(each.id()))
            .toList();
    var list =
        new SeekList<>(tenants, each -> each.value().born().toEpochMilli(), Snapshot<Tenant>::id);
    return ApiJson.reply(
        200, list.write(page, each -> shown(call, each)).put("count", tenants.size()));
  }

  static Reply upsert(OutboxCall call) {
    var id = call.names().getFirst();
    var directory = call.parts().outbox().directory();
    var before = directory.tenant(id);
    var metadata = ApiJson.body(call.request()).get("metadata");
    var outcome = call.changes().upsert(id, metadata);
    if (!(outcome instanceof Outcome.Accepted)) {
      return OutpostJson.refused(outcome);
    }
    var now = directory.tenant(id).orElseThrow(OutboxCall::notFound);
    return ApiJson.reply(before.isPresent() ? 200 : 201, shown(call, now));
  }

  static Reply read(OutboxCall call) {
    return ApiJson.reply(200, shown(call, call.named()));
  }

  static Reply delete(OutboxCall call) {
    var outcome = call.changes().delete(call.named());
    return outcome instanceof Outcome.Accepted ? success() : OutpostJson.refused(outcome);
  }

  static Reply success() {
    return ApiJson.reply(200, ApiJson.object().put("success", true));
  }

  static Reply token(OutboxCall call) {
    var tenant = call.named();
    return ApiJson.reply(
        200, ApiJson.object().put("token", signed(call, tenant)).put("tenant_id", tenant.id()));
  }

  private static String signed(OutboxCall call, Snapshot<Tenant> tenant) {
    return call.parts().tokens().sign(tenant.id(), tenant.value().life());
  }

  static Reply portal(OutboxCall call) {
    var tenant = call.named();
    var portal =
        call.parts()
            .portal()
            .orElseThrow(() ->
                Problem.of(404, "no_portal", "there is no portal: 'portal-url' is not configured")
                    .refuse());
    var theme =
        call.values("theme").stream().filter(List.of("light", "dark")::contains).findFirst();
    var separator = portal.getRawQuery() == null ? "?" : "&";
    var url =
        portal
            + separator
            + "token="
            + signed(call, tenant)
            + "&tenant_id="
            + URLEncoder.encode(tenant.id(), StandardCharsets.UTF_8)
            + theme.map(word -> "&theme=" + word).orElse("");
    return ApiJson.reply(
        200, ApiJson.object().put("redirect_url", url).put("tenant_id", tenant.id()));
  }

  private static ObjectNode shown(OutboxCall call, Snapshot<Tenant> tenant) {
    var directory = call.parts().outbox().directory();
    var body = ApiJson.object().put("id", tenant.id());
    body.put("destinations_count", directory.destinations(tenant.id()).size());
    directory.topics(tenant.id()).forEach(body.putArray("topics")::add);
    OutboxPages.words(body, "metadata", tenant.value().metadata());
    body.put("created_at", tenant.value().born().toString());
    body.put("updated_at", tenant.changed().toString());
    return body;
  }
}
