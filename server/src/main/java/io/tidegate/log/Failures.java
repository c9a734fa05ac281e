package io.tidegate.log;

import io.tidegate.log.Appended.Reason;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/// Kafka's exceptions in our words.
final class Failures {
  private Failures() {}

  /// How an append ended that the producer gave up.
  ///
  /// @param sent something went over the wire since, so that it may be stored all the same
  static Appended answer(Exception failure, boolean sent) {
    return switch (failure) {
      case RecordTooLargeException _ -> tooLarge(failure);
      case RecordBatchTooLargeException _ -> tooLarge(failure);
      case AuthorizationException denied -> refused(denied);
      case AuthenticationException _ -> unavailable(Reason.UNREACHABLE, failure);
      case CorruptRecordException _ -> invalid(failure);
      case InvalidTimestampException _ -> invalid(failure);
      case InvalidConfigurationException _ -> invalid(failure);
      case SerializationException _ -> invalid(failure);
      case PolicyViolationException _ -> invalid(failure);
      case ThrottlingQuotaExceededException _ -> unavailable(Reason.OVERLOADED, failure);
      case UnknownTopicOrPartitionException _ -> unavailable(Reason.NO_SUCH_TOPIC, failure);
      case UnknownTopicIdException _ -> unavailable(Reason.NO_SUCH_TOPIC, failure);
      case NotEnoughReplicasException _ -> unavailable(Reason.UNREACHABLE, failure);
      case KafkaStorageException _ -> unavailable(Reason.DISK_FULL, failure);
      case RetriableException _ when !sent -> unavailable(Reason.UNREACHABLE, failure);
      default -> new Appended.Unknown(sentence(failure));
    };
  }

  static Appended.Refused refused(AuthorizationException denied) {
    return new Appended.Refused(Reason.NOT_AUTHORIZED, sentence(denied));
  }

  private static Appended tooLarge(Exception failure) {
    return new Appended.Refused(Reason.TOO_LARGE, sentence(failure));
  }

  private static Appended invalid(Exception failure) {
    return new Appended.Refused(Reason.INVALID, sentence(failure));
  }

  private static Appended unavailable(Reason reason, Exception failure) {
    return new Appended.Unavailable(reason, sentence(failure));
  }

  /// The broker refuses a batch whole for one record that is invalid; the others get this.
  static boolean isInnocent(Exception failure) {
    return failure.getClass() == KafkaException.class
        && failure.getMessage() != null
        && failure.getMessage().contains("part of a batch");
  }

  /// The producer is of no use any more.
  static boolean isFatal(Exception failure) {
    return failure instanceof ProducerFencedException
        || failure instanceof UnsupportedVersionException;
  }

  /// What Kafka says, with its cause where that says more.
  static String sentence(Throwable failure) {
    var cause = failure.getCause();
    var said = said(failure);
    return cause == null ? said : said + " (" + said(cause) + ")";
  }

  private static String said(Throwable failure) {
    var message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
