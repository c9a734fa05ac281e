package io.tidegate.admin;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.registry.Judgement.Fault;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON in and out of the management API. What comes in is bounded in depth and length.
final class ApiJson {
  static final long BODY_LIMIT = 256 << 10;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(16)
                          .maxDocumentLength(BODY_LIMIT)
                          .maxStringLength((int) BODY_LIMIT)
                          .maxNameLength(256)
                          .maxNumberLength(32)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ApiJson() {}

  /// What was written by us.
  static JsonNode read(String json) {
    return MAPPER.readTree(json);
  }

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /// The body as an object; an empty body as an empty one.
  static ObjectNode body(Request request) {
    if (request.body().isEmpty()) {
      return object();
    }
    try {
      if (MAPPER.readTree(request.body().array()) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException malformed) {
      throw Problem.of(400, "malformed", "the body cannot be read as JSON" + where(malformed))
          .refuse();
    }
    throw Problem.of(400, "malformed", "a JSON object was expected").refuse();
  }

  private static String where(JacksonException malformed) {
    var at = malformed.getLocation();
    return at == null || at.getLineNr() < 1
        ? ""
        : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
  }

  static Reply reply(int status, JsonNode body, String... headers) {
    var all =
        Headers.of("content-type", "application/json", "cache-control", "no-store")
            .withAll(Headers.of(headers));
    return new Reply(status, all, Bytes.wrap(MAPPER.writeValueAsBytes(body)));
  }

  /// `application/problem+json` with the fields that are wrong.
  static Reply problem(int status, String code, String detail, List<Fault> faults) {
    var body = object().put("status", status).put("code", code).put("detail", detail);
    if (!faults.isEmpty()) {
      var errors = body.putArray("errors");
      faults.forEach(fault ->
          errors.addObject().put("pointer", fault.pointer()).put("message", fault.message()));
    }
    var headers = Headers.of("content-type", "application/problem+json");
    if (status == 503) {
      headers = headers.with("retry-after", "1");
    }
    return new Reply(status, headers, Bytes.wrap(MAPPER.writeValueAsBytes(body)));
  }
}
