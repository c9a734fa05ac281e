package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.delivery.Sender.Report;
import io.tidegate.http.Reply;
import io.tidegate.log.Entry;
import io.tidegate.log.Header;
import io.tidegate.log.Stored;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What is told about an attempt, or about a record that was not sent at all: a record under the
/// same key, so that of a compacted topic the last word on each URL stays.
///
/// | header | content |
/// |---|---|
/// | `:status` | of the reply; not there when there was none |
/// | the reply's own | as they came, at most 64 and 16 KiB, without those of the connection |
/// | `zilla:attempt` | its number, from 1; 0 when nothing was sent |
/// | `zilla:correlation-id` | of the request's record, or else its idempotency key |
/// | `zilla:error`, `zilla:error-class` | when there was no reply: a sentence, and a word for programs |
/// | `tidegate:outcome` | what follows: `delivered`, `retry`, `permanent`, `gone`, `exhausted`, `expired`, `refused`, `skipped` |
/// | `tidegate:next-attempt` | of `retry`: when, in ISO 8601 |
/// | `tidegate:cut` | the length of the reply's body, when the value is only its beginning |
///
/// The value is the reply's body; empty, never null, when there is none.
final class ReplyRecords {
  private static final int MOST = 64;
  private static final int MOST_BYTES = 16 << 10;
  private static final int LONGEST_ERROR = 500;

  private static final Set<String> OF_THE_CONNECTION =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "transfer-encoding",
          "te",
          "trailer",
          "upgrade",
          "http2-settings");

  private ReplyRecords() {}

  /// @param correlation when the record has no correlation id of its own
  /// @param refusal why it was not sent, when it was not
  static Entry of(String topic, Stored record, Report report, String correlation, String refusal) {
    var headers = new ArrayList<Header>();
    var attempt = report.attempt();
    var reply = attempt == null ? null : attempt.reply().orElse(null);
    if (reply != null) {
      headers.add(Header.of(RecordWords.STATUS, Integer.toString(reply.status())));
      copy(reply, headers);
    }
    headers.add(Header.of(RecordWords.ATTEMPT, Integer.toString(report.number())));
    headers.add(
        record
            .header(RecordWords.CORRELATION)
            .map(id -> new Header(RecordWords.CORRELATION, id))
            .orElseGet(() -> Header.of(RecordWords.CORRELATION, correlation)));
    headers.add(Header.of(RecordWords.OUTCOME, word(report.outcome())));
    if (report.outcome() instanceof Outcome.Retry(var at)) {
      headers.add(Header.of(RecordWords.NEXT_ATTEMPT, at.toString()));
    }
    if (reply == null) {
      headers.addAll(error(report, refusal));
    }
    if (attempt != null && attempt.isCut()) {
      headers.add(Header.of(RecordWords.CUT, Long.toString(attempt.length())));
    }
    return new Entry(topic, record.key(), headers, reply == null ? Bytes.EMPTY : reply.body());
  }

  /// The same without the body, for a topic that does not take so much.
  static Entry withoutBody(Entry entry) {
    var headers = new ArrayList<>(entry.headers());
    if (headers.stream().noneMatch(header -> header.name().equals(RecordWords.CUT))) {
      var value = entry.value();
      headers.add(Header.of(RecordWords.CUT, Integer.toString(value == null ? 0 : value.size())));
    }
    return new Entry(entry.topic(), entry.key(), headers, Bytes.EMPTY);
  }

  private static List<Header> error(Report report, String refusal) {
    var attempt = report.attempt();
    var detail = attempt == null ? refusal : attempt.detail();
    var kind = attempt == null ? word(report.outcome()) : attempt.word();
    return List.of(
        Header.of(RecordWords.ERROR, shortened(detail)), Header.of(RecordWords.ERROR_CLASS, kind));
  }

  static String shortened(String text) {
    return text.length() <= LONGEST_ERROR ? text : text.substring(0, LONGEST_ERROR) + "…";
  }

  private static void copy(Reply reply, List<Header> headers) {
    int size = 0;
    int count = 0;
    for (var field : reply.headers()) {
      size += field.name().length() + field.value().length();
      if (size > MOST_BYTES || count == MOST) {
        return;
      }
      // a name with a colon in it could pass for one of ours
      if (RecordHeaders.isName(field.name()) && !OF_THE_CONNECTION.contains(field.name())) {
        headers.add(new Header(field.name(), bytes(field.value())));
        count++;
      }
    }
  }

  private static Bytes bytes(String value) {
    return RecordHeaders.isValue(value)
        ? Bytes.wrap(value.getBytes(StandardCharsets.ISO_8859_1))
        : Bytes.utf8(value);
  }

  static String word(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Delivered() -> "delivered";
      case Outcome.Retry _ -> "retry";
      case Outcome.GivenUp(var reason) -> reason.name().toLowerCase(Locale.ROOT);
    };
  }
}
