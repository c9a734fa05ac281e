package io.tidegate.outbox;

import io.tidegate.delivery.Attempt;
import io.tidegate.http.Headers;
import io.tidegate.http.Headers.Field;
import io.tidegate.http.Reply;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Texts that must not be seen in what is kept of attempts: a destination's secrets. The value of a
/// header that has one of them in it is masked, whatever the header's name is. Immutable.
record Hidden(List<String> texts) {
  static final String MASK = "***";

  /// What is shorter stands in too much that is no secret.
  private static final int SHORTEST = 4;

  Hidden {
    texts = List.copyOf(texts);
  }

  /// @param config opened, like the credentials
  static Hidden of(
      DestinationType type, Map<String, String> config, Map<String, String> credentials) {
    var secrets =
        credentials.entrySet().stream()
            .filter(each -> type.isSecret(each.getKey()))
            .map(Map.Entry::getValue);
    return new Hidden(
        Stream.concat(secrets, type.hidden(config).stream())
            .filter(text -> text.length() >= SHORTEST)
            .distinct()
            .toList());
  }

  /// The same with what was sent, and what came back, as it may be kept. Bodies stay as they are.
  Attempt in(Attempt attempt) {
    var sent = attempt.sent();
    return new Attempt(
        attempt.kind(),
        attempt.reply().map(it -> new Reply(it.status(), in(it.headers()), it.body())),
        attempt.word(),
        attempt.detail(),
        attempt.retryAfter(),
        attempt.timings(),
        attempt.length(),
        new Attempt.Sent(sent.target(), in(sent.headers()), sent.address()));
  }

  private Headers in(Headers headers) {
    for (var field : headers.fields()) {
      if (shows(field)) {
        return Headers.of(
            headers.fields().stream()
                .map(each -> shows(each) ? new Field(each.name(), MASK) : each)
                .toList());
      }
    }
    return headers;
  }

  private boolean shows(Field field) {
    for (var text : texts) {
      if (field.value().contains(text)) {
        return true;
      }
    }
    return false;
  }
}
