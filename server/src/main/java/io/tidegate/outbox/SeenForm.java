package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import io.tidegate.delivery.Attempt;
import io.tidegate.http.Client;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// What an attempt saw, as JSON, bounded: values of headers that may be credentials are masked,
/// bodies are kept up to 16 KiB.
///
///     {"request":{"url":…,"headers":[[name,value],…]},
///      "response":{"status":…,"headers":[…],"body":… or "body_base64":…,"length":…},
///      "error":{"class":…,"detail":…}, "address":…,
///      "timings_ms":{"name":…,"connect":…,"tls":…,"first_byte":…,"total":…}}
final class SeenForm {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int LARGEST_BODY = 16 << 10;
  private static final int MOST_HEADERS = 64;
  private static final int LONGEST_VALUE = 1024;
  private static final int LONGEST_DETAIL = 500;
  private static final int LONGEST_TARGET = 2048;
  private static final double NANOS = 1e6;

  private SeenForm() {}

  static Bytes write(Attempt attempt) {
    var out = new ByteArrayOutputStream(1024);
    try (var json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      var sent = attempt.sent();
      if (!sent.target().isEmpty()) {
        json.writeObjectPropertyStart("request");
        json.writeStringProperty("url", shortened(sent.target(), LONGEST_TARGET));
        headers(json, sent.headers());
        json.writeEndObject();
      }
      attempt.reply().ifPresent(reply -> response(json, reply, attempt.length()));
      if (attempt.kind() != Attempt.Kind.DELIVERED) {
        json.writeObjectPropertyStart("error");
        json.writeStringProperty("class", attempt.word());
        json.writeStringProperty("detail", shortened(attempt.detail(), LONGEST_DETAIL));
        json.writeEndObject();
      }
      if (!sent.address().isEmpty()) {
        json.writeStringProperty("address", sent.address());
      }
      timings(json, attempt.timings());
      json.writeEndObject();
    }
    return Bytes.wrap(out.toByteArray());
  }

  private static void response(JsonGenerator json, Reply reply, long length) {
    json.writeObjectPropertyStart("response");
    json.writeNumberProperty("status", reply.status());
    headers(json, reply.headers());
    var body = reply.body().array();
    var kept = body.length > LARGEST_BODY ? Arrays.copyOf(body, LARGEST_BODY) : body;
    var text = text(kept);
    if (text.isPresent()) {
      json.writeStringProperty("body", text.get());
    } else {
      json.writeStringProperty("body_base64", Base64.getEncoder().encodeToString(kept));
    }
    json.writeNumberProperty("length", Math.max(length, body.length));
    json.writeEndObject();
  }

  private static void headers(JsonGenerator json, Headers headers) {
    json.writeArrayPropertyStart("headers");
    var fields = headers.fields();
    for (var field : fields.subList(0, Math.min(fields.size(), MOST_HEADERS))) {
      json.writeStartArray();
      json.writeString(field.name());
      json.writeString(
          SecretNames.has(field.name()) ? Hidden.MASK : shortened(field.value(), LONGEST_VALUE));
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private static void timings(JsonGenerator json, Client.Timings timings) {
    json.writeObjectPropertyStart("timings_ms");
    step(json, "name", timings.name());
    step(json, "connect", timings.connect());
    step(json, "tls", timings.tls());
    step(json, "first_byte", timings.firstByte());
    step(json, "total", timings.total());
    json.writeEndObject();
  }

  private static void step(JsonGenerator json, String name, long nanos) {
    if (nanos >= 0) {
      json.writeNumberProperty(name, Math.rint(nanos / NANOS * 1000) / 1000);
    }
  }

  /// Nothing when it is no UTF-8. A character that was cut at the end does not make it binary.
  private static Optional<String> text(byte[] body) {
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    for (int end = body.length; end >= 0 && end > body.length - 4; end--) {
      try {
        var text = decoder.decode(ByteBuffer.wrap(body, 0, end)).toString();
        return end == body.length || body.length == LARGEST_BODY
            ? Optional.of(text)
            : Optional.empty();
      } catch (CharacterCodingException binary) {
        decoder.reset();
      }
    }
    return Optional.empty();
  }

  private static String shortened(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest) + "…";
  }
}
