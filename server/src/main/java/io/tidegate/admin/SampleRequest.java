package io.tidegate.admin;

import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.guard.Checked;
import io.tidegate.guard.SignatureCheck;
import io.tidegate.guard.SignaturePresets;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Request;
import io.tidegate.inbox.Endpoint;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A request as somebody has it on paper, held against an endpoint's secrets.
///
///     {"method":"POST","url":"https://…","headers":{"x-hub-signature-256":"sha256=…"},
///      "body":"{…}"}          or "body_base64"
final class SampleRequest {
  private SampleRequest() {}

  static ObjectNode verify(Endpoint endpoint, ObjectNode sample, String url, Time time) {
    var result = ApiJson.object();
    if (endpoint.verification().preset().equals(Endpoint.Verification.NONE.preset())) {
      return result.put("verified", false).put("reason", "not_checked");
    }
    var asked = text(sample, "url", url);
    var checked = check(endpoint, time).check(request(sample, asked), asked);
    switch (checked) {
      case Checked.Verified(var secret, var deliveryId) -> {
        result.put("verified", true).put("secret", secret);
        deliveryId.ifPresent(id -> result.put("delivery_id", id));
      }
      case Checked.Denied(var reason, var detail) ->
          result
              .put("verified", false)
              .put("reason", reason.name().toLowerCase(Locale.ROOT))
              .put("detail", detail);
    }
    return result;
  }

  private static SignatureCheck check(Endpoint endpoint, Time time) {
    var verification = endpoint.verification();
    var scheme = SignaturePresets.of(verification.preset(), verification.parameters());
    var timed = verification.tolerance().map(scheme::within).orElse(scheme);
    return SignatureCheck.of(timed, endpoint.secrets(), time);
  }

  private static Request request(ObjectNode sample, String url) {
    var uri = uri(url);
    return new Request(
        "sample",
        Optional.ofNullable(uri.getScheme()).orElse("https"),
        Optional.ofNullable(uri.getRawAuthority()).orElse("localhost"),
        text(sample, "method", "POST").toUpperCase(Locale.ROOT),
        Optional.ofNullable(uri.getRawPath()).orElse("/"),
        Optional.ofNullable(uri.getRawQuery()).orElse(""),
        headers(sample),
        body(sample),
        "",
        Map.of());
  }

  private static URI uri(String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException none) {
      throw Problem.of(422, "invalid", "url: a URL was expected").refuse();
    }
  }

  private static Headers headers(ObjectNode sample) {
    var fields = new ArrayList<Headers.Field>();
    for (var each : sample.path("headers").properties()) {
      List<String> values = new ArrayList<>();
      if (each.getValue().isArray()) {
        each.getValue().forEach(value -> values.add(value.asString("")));
      } else {
        values.add(each.getValue().asString(""));
      }
      values.forEach(value -> fields.add(new Headers.Field(each.getKey(), value)));
    }
    return Headers.of(fields);
  }

  private static Bytes body(ObjectNode sample) {
    if (!sample.has("body_base64")) {
      return Bytes.utf8(text(sample, "body", ""));
    }
    try {
      return Bytes.wrap(Base64.getDecoder().decode(text(sample, "body_base64", "")));
    } catch (IllegalArgumentException none) {
      throw Problem.of(422, "invalid", "body_base64: base64 was expected").refuse();
    }
  }

  static String text(ObjectNode object, String name, String otherwise) {
    var value = object.get(name);
    return value != null && value.isString() ? value.asString() : otherwise;
  }
}
