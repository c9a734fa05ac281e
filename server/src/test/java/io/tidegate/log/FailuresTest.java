package io.tidegate.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.log.Appended.Reason;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailuresTest {

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(new RecordTooLargeException("large"), Reason.TOO_LARGE),
        Arguments.of(new RecordBatchTooLargeException("large"), Reason.TOO_LARGE),
        Arguments.of(new TopicAuthorizationException(Set.of("t")), Reason.NOT_AUTHORIZED),
        Arguments.of(new InvalidRecordException("no key"), Reason.INVALID));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void whatTheLogWillNeverTakeIsRefused(Exception failure, Reason reason) {
    assertThat(Failures.answer(failure, true))
        .isEqualTo(new Appended.Refused(reason, failure.getMessage()));
  }

  static Stream<Arguments> absences() {
    return Stream.of(
        Arguments.of(new UnknownTopicOrPartitionException("gone"), Reason.NO_SUCH_TOPIC),
        Arguments.of(new KafkaStorageException("disk"), Reason.DISK_FULL),
        Arguments.of(new NotEnoughReplicasException("few"), Reason.UNREACHABLE),
        Arguments.of(new SaslAuthenticationException("who?"), Reason.UNREACHABLE));
  }

  @ParameterizedTest
  @MethodSource("absences")
  void whatMayWorkLaterIsUnavailable(Exception failure, Reason reason) {
    assertThat(Failures.answer(failure, true))
        .isEqualTo(new Appended.Unavailable(reason, failure.getMessage()));
  }

  @Test
  void whatRanOutOfTimeAfterSomethingWasSentIsUnknown() {
    assertThat(Failures.answer(new TimeoutException("late"), true))
        .isEqualTo(new Appended.Unknown("late"));
    assertThat(Failures.answer(new NetworkException("cut"), true))
        .isEqualTo(new Appended.Unknown("cut"));
  }

  @Test
  void whatRanOutOfTimeUnsentIsUnreachable() {
    assertThat(Failures.answer(new TimeoutException("late"), false))
        .isEqualTo(new Appended.Unavailable(Reason.UNREACHABLE, "late"));
  }

  @Test
  void aStrangeFailureIsUnknown() {
    assertThat(Failures.answer(new KafkaException("strange"), false))
        .isEqualTo(new Appended.Unknown("strange"));
  }
}
