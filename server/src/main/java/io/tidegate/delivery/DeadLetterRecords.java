package io.tidegate.delivery;

import io.tidegate.delivery.Sender.Report;
import io.tidegate.log.Entry;
import io.tidegate.log.Header;
import io.tidegate.log.Stored;
import java.util.ArrayList;

/// A record that was given up, as it lies among the dead letters: key, value and headers as they
/// were, and besides them
///
/// | header | content |
/// |---|---|
/// | `tidegate:reason` | `refused`, `permanent`, `gone`, `exhausted`, `expired`, `skipped` |
/// | `tidegate:error` | the same for people |
/// | `tidegate:attempts` | how many were made |
/// | `tidegate:status` | of the last reply, if there was one |
/// | `tidegate:topic`, `tidegate:partition`, `tidegate:offset`, `tidegate:timestamp` | where the record lay, and its time in milliseconds |
/// | `tidegate:time` | when it was given up, in ISO 8601 |
///
/// None of them is sent, and none counts for the idempotency key: put back into its topic as it is,
/// the record is the same request again.
final class DeadLetterRecords {
  private static final String OURS = "tidegate:";

  private DeadLetterRecords() {}

  /// @param source the topic that the record lies in
  /// @param refusal why it was not sent, when it was not
  static Entry of(String topic, String source, Stored record, Report report, String refusal) {
    var headers = new ArrayList<Header>();
    for (var header : record.headers()) {
      if (!header.name().startsWith(OURS)) {
        headers.add(header);
      }
    }
    var attempt = report.attempt();
    var status = attempt == null ? null : attempt.reply().orElse(null);
    headers.add(Header.of(RecordWords.REASON, ReplyRecords.word(report.outcome())));
    headers.add(
        Header.of(
            RecordWords.LAST_ERROR,
            ReplyRecords.shortened(attempt == null ? refusal : attempt.detail())));
    headers.add(Header.of(RecordWords.ATTEMPTS, Integer.toString(report.number())));
    if (status != null) {
      headers.add(Header.of(RecordWords.LAST_STATUS, Integer.toString(status.status())));
    }
    headers.add(Header.of(RecordWords.TOPIC, source));
    headers.add(Header.of(RecordWords.PARTITION, Integer.toString(record.partition())));
    headers.add(Header.of(RecordWords.OFFSET, Long.toString(record.offset())));
    headers.add(Header.of(RecordWords.TIMESTAMP, Long.toString(record.timestamp())));
    headers.add(Header.of(RecordWords.TIME, report.at().toString()));
    return new Entry(topic, record.key(), headers, record.value());
  }

  /// The record as it was before it was given up.
  static Entry revived(String topic, Stored deadLetter) {
    var headers =
        deadLetter.headers().stream().filter(header -> !header.name().startsWith(OURS)).toList();
    return new Entry(topic, deadLetter.key(), headers, deadLetter.value());
  }
}
