package io.tidegate.delivery;

/// Names of record headers that are ours, or agreed on with other programs.
final class RecordWords {
  /// Of requests: where the reply is expected.
  static final String REPLY_TO = "zilla:reply-to";

  /// Of requests and replies: which reply belongs to which request.
  static final String CORRELATION = "zilla:correlation-id";

  static final String STATUS = ":status";
  static final String ATTEMPT = "zilla:attempt";
  static final String ERROR = "zilla:error";
  static final String ERROR_CLASS = "zilla:error-class";

  /// What followed: `delivered`, `retry`, `refused`, `permanent`, `gone`, `exhausted`, `expired`,
  /// `skipped`.
  static final String OUTCOME = "tidegate:outcome";

  static final String NEXT_ATTEMPT = "tidegate:next-attempt";

  /// How long the reply's body was, when it was cut.
  static final String CUT = "tidegate:cut";

  /// All that dead letters carry besides what the record had.
  static final String REASON = "tidegate:reason";

  static final String ATTEMPTS = "tidegate:attempts";
  static final String LAST_STATUS = "tidegate:status";
  static final String LAST_ERROR = "tidegate:error";
  static final String TOPIC = "tidegate:topic";
  static final String PARTITION = "tidegate:partition";
  static final String OFFSET = "tidegate:offset";
  static final String TIMESTAMP = "tidegate:timestamp";
  static final String TIME = "tidegate:time";

  private RecordWords() {}
}
