package io.tidegate.log;

/// How an append ended.
public sealed interface Appended {

  /// It is stored, as durably as asked for.
  ///
  /// @param offset -1 when it is not known: with `Acks.NONE`, and in rare cases after a retry
  record At(int partition, long offset) implements Appended {}

  /// The log will never take it as it is: too large, not authorised, invalid.
  ///
  /// @param cause a sentence for the operator, without contents
  record Refused(Reason reason, String cause) implements Appended {}

  /// Not stored, and it may work later: too much is waiting, or the topic or the cluster is away.
  record Unavailable(Reason reason, String cause) implements Appended {}

  /// Nobody knows: the time ran out after it was sent.
  record Unknown(String cause) implements Appended {}

  /// Why, in words that programs and metrics can use.
  enum Reason {
    TOO_LARGE,
    NOT_AUTHORIZED,
    INVALID,
    NO_SUCH_TOPIC,
    OVERLOADED,
    UNREACHABLE,
    DISK_FULL,
    CLOSED
  }
}
