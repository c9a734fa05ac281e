package io.tidegate.targets;

import io.tidegate.outbox.Undelivered;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.jspecify.annotations.Nullable;

/// What a producer's failures come to. Messages of brokers are not repeated, as they may say
/// anything.
///
/// @param isFatal the producer is of no use any more
record KafkaFaults(Undelivered undelivered, boolean isFatal) {

  static KafkaFaults of(String topic, @Nullable Throwable cause) {
    return switch (cause) {
      case SslAuthenticationException _ -> lasting("tls", "the TLS handshake with a broker failed");
      case AuthenticationException _ ->
          lasting("credentials", "the cluster did not take the credentials");
      case AuthorizationException _ ->
          passing("credentials", "the user may not write to the topic " + topic);
      case UnknownTopicOrPartitionException _ ->
          passing("unknown_target", "the cluster has no topic " + topic);
      case InvalidTopicException _ ->
          passing("unknown_target", "the cluster has no topic " + topic);
      case RecordTooLargeException _ ->
          never("too_large", "the event is larger than the cluster takes");
      case RecordBatchTooLargeException _ ->
          never("too_large", "the event is larger than the cluster takes");
      case InvalidRecordException _ ->
          never("refused", "the cluster takes no such record in the topic " + topic);
      case UnsupportedForMessageFormatException _ ->
          never("refused", "the topic " + topic + " is of a format without headers");
      case NotEnoughReplicasException _ ->
          passing("unavailable", "too few replicas of the partition are in sync");
      case NotEnoughReplicasAfterAppendException _ ->
          passing("unavailable", "too few replicas of the partition are in sync");
      case RetriableException retriable ->
          passing("unavailable", "the cluster cannot take it now: " + name(retriable));
      case null -> lasting("protocol", "the cluster did not take the record");
      default -> lasting("protocol", "the cluster did not take the record: " + name(cause));
    };
  }

  private static String name(Throwable cause) {
    return cause.getClass().getSimpleName().replaceFirst("Exception$", "");
  }

  /// The same record will be refused whenever it comes.
  private static KafkaFaults never(String word, String sentence) {
    return new KafkaFaults(Undelivered.never(word, sentence), false);
  }

  private static KafkaFaults passing(String word, String sentence) {
    return new KafkaFaults(Undelivered.failed(word, sentence), false);
  }

  /// The next attempt begins with a new producer, since this one may remember the failure.
  private static KafkaFaults lasting(String word, String sentence) {
    return new KafkaFaults(Undelivered.failed(word, sentence), true);
  }
}
