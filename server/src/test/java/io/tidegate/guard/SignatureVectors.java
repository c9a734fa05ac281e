package io.tidegate.guard;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Requests signed by the senders' own libraries, from `vectors.json`; `make-vectors.mjs` made it
/// and names the libraries.
final class SignatureVectors {
  private SignatureVectors() {}

  record Signed(
      String name,
      String preset,
      String secret,
      Instant at,
      Request request,
      String url,
      boolean saysId,
      Optional<String> deliveryId) {

    SignatureCheck check() {
      return SignedRequests.check(SignedRequests.preset(preset), at, secret);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  record SnsSigned(String name, Instant at, String certificate, Bytes message) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Signed> requests() {
    var all = new ArrayList<Signed>();
    for (var node : read().get("requests")) {
      all.add(signed(node));
    }
    return all;
  }

  static List<SnsSigned> sns() {
    var all = new ArrayList<SnsSigned>();
    for (var node : read().get("sns")) {
      all.add(
          new SnsSigned(
              node.get("name").asString(),
              Instant.ofEpochSecond(node.get("at").asLong()),
              node.get("certificate").asString(),
              Bytes.utf8(node.get("message").asString())));
    }
    return all;
  }

  private static Signed signed(JsonNode node) {
    var url = node.get("url").asString();
    var fields = new ArrayList<Headers.Field>();
    node.get("headers")
        .properties()
        .forEach(
            entry -> fields.add(new Headers.Field(entry.getKey(), entry.getValue().asString())));
    var body = Bytes.wrap(Base64.getDecoder().decode(node.get("body").asString()));
    var bare = SignedRequests.request(node.get("method").asString(), url, body);
    return new Signed(
        node.get("name").asString(),
        node.get("preset").asString(),
        node.get("secret").asString(),
        Instant.ofEpochSecond(node.get("at").asLong()),
        with(bare, Headers.of(fields)),
        url,
        node.has("id"),
        Optional.ofNullable(node.get("id")).filter(id -> !id.isNull()).map(JsonNode::asString));
  }

  static Request with(Request request, Headers headers) {
    return new Request(
        request.id(),
        request.scheme(),
        request.authority(),
        request.method(),
        request.path(),
        request.query(),
        headers,
        request.body(),
        request.remote(),
        request.sessions());
  }

  private static JsonNode read() {
    try (var in = SignatureVectors.class.getResourceAsStream("vectors.json")) {
      return JsonMapper.shared().readTree(in);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
