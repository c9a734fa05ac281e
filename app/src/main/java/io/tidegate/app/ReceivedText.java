package io.tidegate.app;

import io.tidegate.http.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;

/// Deliveries as a developer reads them. What strangers sent cannot move the cursor of a terminal,
/// nor grow without end, and credentials are not shown.
///
/// @param wanted names of headers that are shown, `x-*` is a prefix; empty: those that matter
/// @param most characters of a body
record ReceivedText(Set<String> wanted, int most, boolean isJson, ZoneId zone) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
  private static final Set<String> CREDENTIALS =
      Set.of("authorization", "proxy-authorization", "cookie", "x-api-key");
  private static final int LONGEST = 400;

  /// Of little interest to anyone who looks at webhooks.
  private static final Set<String> PLUMBING =
      Set.of("host", "content-length", "accept", "accept-encoding", "connection");

  ReceivedText {
    wanted = Set.copyOf(wanted);
  }

  String of(Received received) {
    return isJson ? json(received) : text(received);
  }

  private String text(Received received) {
    var request = received.request();
    var out = new StringBuilder();
    out.append(CLOCK.format(received.at().atZone(zone)))
        .append("  ")
        .append(safe(request.method(), LONGEST))
        .append(' ')
        .append(safe(request.target(), LONGEST))
        .append("  -> ")
        .append(received.answer() == 0 ? "closed" : Integer.toString(received.answer()));
    if (received.times() > 1) {
      out.append("  (attempt ").append(received.times()).append(" of this delivery)");
    }
    received.signature().ifPresent(it -> out.append("  ").append(signature(it)));
    for (var field : shown(request.headers())) {
      out.append("\n    ").append(safe(field.name(), LONGEST)).append(": ").append(value(field));
    }
    if (!request.body().isEmpty()) {
      out.append("\n    ").append(body(received));
    }
    return out.toString();
  }

  private static String signature(Received.Signature signature) {
    return signature.verified()
        ? "verified with " + signature.detail()
        : "NOT VERIFIED: " + safe(signature.detail(), LONGEST);
  }

  private List<Headers.Field> shown(Headers headers) {
    Predicate<String> taken =
        wanted.isEmpty() ? name -> !PLUMBING.contains(name) : name -> matches(name);
    return headers.fields().stream().filter(field -> taken.test(field.name())).toList();
  }

  private boolean matches(String name) {
    return wanted.stream()
        .anyMatch(it ->
            it.endsWith("*") ? name.startsWith(it.substring(0, it.length() - 1)) : name.equals(it));
  }

  private static String value(Headers.Field field) {
    if (!CREDENTIALS.contains(field.name())) {
      return safe(field.value(), LONGEST);
    }
    var space = field.value().indexOf(' ');
    return space > 0 && space < 20 ? safe(field.value().substring(0, space), 20) + " ***" : "***";
  }

  private String body(Received received) {
    var body = received.request().body();
    return decoded(body.array())
        .map(text -> safe(text, most))
        .orElseGet(() -> body.size() + " bytes that are no text");
  }

  private static Optional<String> decoded(byte[] content) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString());
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }

  private String json(Received received) {
    var request = received.request();
    var line = JSON.createObjectNode();
    line.put("at", received.at().toString())
        .put("method", request.method())
        .put("path", request.path())
        .put("query", request.query())
        .put("answer", received.answer())
        .put("attempt", received.times());
    received.id().ifPresent(id -> line.put("id", id));
    received
        .signature()
        .ifPresent(it -> line.put("verified", it.verified()).put("signature", it.detail()));
    var headers = line.putObject("headers");
    for (var field : shown(request.headers())) {
      headers
          .withArray(field.name())
          .add(CREDENTIALS.contains(field.name()) ? value(field) : field.value());
    }
    line.put("size", request.body().size());
    var text = decoded(request.body().array());
    if (text.isPresent()) {
      line.put("body", cut(text.get(), most));
    } else {
      line.put("body_base64", Base64.getEncoder().encodeToString(request.body().array()));
    }
    return line.toString();
  }

  /// Without anything that a terminal would obey.
  static String safe(String text, int most) {
    var out = new StringBuilder();
    var short_ = cut(text, most);
    for (int i = 0; i < short_.length(); i++) {
      var c = short_.charAt(i);
      switch (Character.getType(c)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR,
            Character.SURROGATE,
            Character.PRIVATE_USE ->
            out.append(c == '\n' ? "\\n" : "\\u%04x".formatted((int) c));
        default -> out.append(c);
      }
    }
    return out.append(text.length() > most ? "… (" + text.length() + " characters)" : "")
        .toString();
  }

  private static String cut(String text, int most) {
    return text.length() > most ? text.substring(0, most) : text;
  }
}
