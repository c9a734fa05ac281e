package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.node.JsonNodeFactory;

/// An event in the form of CloudEvents 1.0 over HTTP.
///
/// | attribute | is |
/// |---|---|
/// | `id`, `time` | the event's |
/// | `source` | what the destination says, `/tidegate` if it says nothing |
/// | `type` | the topic, `event` if there is none |
/// | extensions | metadata whose names CloudEvents allows: small letters and digits |
///
/// Binary: attributes as `ce-` headers, the data as it is. Structured: one JSON object, with the
/// data in it byte for byte, or as base64 when it is no JSON.
final class CloudEvent {
  static final String USUAL_SOURCE = "/tidegate";

  private static final Set<String> TAKEN =
      Set.of(
          "id",
          "source",
          "specversion",
          "type",
          "datacontenttype",
          "dataschema",
          "subject",
          "time",
          "data",
          "data_base64");
  private static final int LONGEST_NAME = 20;

  private CloudEvent() {}

  private static Map<String, String> attributes(String source, Outgoing outgoing) {
    var event = outgoing.event();
    var attributes = new LinkedHashMap<String, String>();
    attributes.put("specversion", "1.0");
    attributes.put("id", event.id());
    attributes.put("source", source.isEmpty() ? USUAL_SOURCE : source);
    attributes.put("type", event.topic().isEmpty() ? "event" : event.topic());
    attributes.put("time", event.time().toString());
    new TreeMap<>(outgoing.metadata())
        .forEach((name, value) -> {
          var lower = name.toLowerCase(Locale.ROOT);
          if (isExtension(lower) && !value.isEmpty()) {
            attributes.putIfAbsent(lower, value);
          }
        });
    return attributes;
  }

  private static boolean isExtension(String name) {
    return !TAKEN.contains(name)
        && !name.isEmpty()
        && name.length() <= LONGEST_NAME
        && name.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
  }

  static WebhookCall.Content binary(String source, Outgoing outgoing) {
    var fields = new ArrayList<Headers.Field>();
    var json = !outgoing.parsed().isMissingNode();
    fields.add(
        new Headers.Field("content-type", json ? "application/json" : "application/octet-stream"));
    attributes(source, outgoing)
        .forEach((name, value) -> fields.add(new Headers.Field("ce-" + name, header(value))));
    return new WebhookCall.Content(fields, outgoing.data());
  }

  /// What a header cannot hold, and spaces, quotes and percent signs, are percent-encoded (3.1.3.2
  /// of the HTTP binding).
  private static String header(String value) {
    var out = new StringBuilder();
    for (byte each : value.getBytes(StandardCharsets.UTF_8)) {
      if (each > 0x20 && each < 0x7f && each != '"' && each != '%') {
        out.append((char) each);
      } else {
        out.append("%%%02X".formatted(each & 0xff));
      }
    }
    return out.toString();
  }

  static WebhookCall.Content structured(String source, Outgoing outgoing) {
    var envelope = JsonNodeFactory.instance.objectNode();
    attributes(source, outgoing).forEach(envelope::put);
    var data = outgoing.data();
    if (data.isEmpty()) {
      return content(Bytes.utf8(envelope.toString()));
    }
    if (outgoing.parsed().isMissingNode()) {
      envelope.put("datacontenttype", "application/octet-stream");
      envelope.put("data_base64", Base64.getEncoder().encodeToString(data.array()));
      return content(Bytes.utf8(envelope.toString()));
    }
    var head = envelope.put("datacontenttype", "application/json").toString();
    var body = new ByteArrayOutputStream(head.length() + data.size() + 16);
    body.writeBytes(head.substring(0, head.length() - 1).getBytes(StandardCharsets.UTF_8));
    body.writeBytes(",\"data\":".getBytes(StandardCharsets.UTF_8));
    body.writeBytes(data.array());
    body.write('}');
    return content(Bytes.wrap(body.toByteArray()));
  }

  private static WebhookCall.Content content(Bytes body) {
    var type = new Headers.Field("content-type", "application/cloudevents+json");
    return new WebhookCall.Content(List.of(type), body);
  }
}
