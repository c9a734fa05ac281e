package io.tidegate.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What is agreed about the requests of webhooks. What is empty is as the defaults say.
///
/// @param key of the records; how it may be written is the `inbox` room's business
public record WebhookTerms(
    Place place,
    Optional<Ack> ack,
    Optional<Answer> answer,
    Optional<String> key,
    Optional<HeaderSelection> headers,
    Optional<List<String>> contentTypes,
    Optional<Long> maxBody,
    Optional<Long> rateLimit,
    Optional<Long> burst,
    Optional<Duration> dedupWindow) {

  /// When a sender is told that all is well.
  public enum Ack {
    DURABLE,
    MEMORY
  }

  /// What a sender is told then.
  public record Answer(Place place, Optional<Long> status, String contentType, String body) {}

  private static final Pattern MEDIA_TYPE =
      Pattern.compile("[a-z0-9!#$&^_.+-]+/(\\*|[a-z0-9!#$&^_.+-]+)");

  private static final Duration LONGEST_WINDOW = Duration.ofDays(7);

  static WebhookTerms read(Mapping terms) {
    return new WebhookTerms(
        terms.place(),
        terms.optional("ack", Form.word(Ack.class, '_')),
        terms.optional("answer", Form.mapping(WebhookTerms::answer)),
        terms.optional("key", Form.TEXT),
        terms.optional("headers", HeaderSelection.FORM),
        terms.optional(
            "content-types",
            Form.listOf(Form.text(MEDIA_TYPE, "a media type in lower case, as application/json"))),
        terms.optional("max-body", size(1024, 32 << 20)),
        terms.optional("rate-limit", Form.number(1, 1_000_000)),
        terms.optional("burst", Form.number(1, 1_000_000)),
        terms.optional("dedup-window", upTo(LONGEST_WINDOW)));
  }

  private static Answer answer(Mapping answer) {
    return new Answer(
        answer.place(),
        answer.optional("status", Form.number(200, 299)),
        answer.or("content-type", Form.TEXT, ""),
        answer.or("body", Form.TEXT, ""));
  }

  static Form<Long> size(long least, long most) {
    var expected = "a size from " + shown(least) + " to " + shown(most);
    return Form.of(
        expected,
        value -> {
          var size = Form.SIZE.read(value);
          if (size != 0 && (size < least || size > most)) {
            value.fault("found " + value.described(), expected);
          }
          return size;
        });
  }

  private static String shown(long bytes) {
    return bytes >= 1 << 20 ? (bytes >> 20) + "MiB" : (bytes >> 10) + "KiB";
  }

  private static Form<Duration> upTo(Duration most) {
    var expected = "a duration up to " + most.toDays() + "d";
    return Form.of(
        expected,
        value -> {
          var duration = Form.DURATION.read(value);
          if (duration.compareTo(most) > 0) {
            value.fault("found " + value.described(), expected);
          }
          return duration;
        });
  }
}
