package io.tidegate.guard;

import static io.tidegate.guard.SignedRequests.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.guard.Handshake.Answer;
import io.tidegate.guard.SignatureVectors.SnsSigned;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnsMessageTest {
  private static final String ADDRESS = "https://sns.us-west-2.amazonaws.com/";

  static List<SnsSigned> messages() {
    return SignatureVectors.sns();
  }

  private static SnsSigned confirmation() {
    return messages().stream().filter(m -> m.name().startsWith("Sub")).findFirst().orElseThrow();
  }

  private static boolean isSigned(SnsSigned signed, Bytes message) {
    return SnsMessage.read(message)
        .map(read -> read.signedBy(signed.certificate(), signed.at()))
        .orElse(false);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void messagesSignedWithTheCertificateAreVerified(SnsSigned signed) {
    assertThat(isSigned(signed, signed.message())).isTrue();
  }

  @ParameterizedTest
  @MethodSource("messages")
  void messagesChangedInAnyWayAreRefused(SnsSigned signed) {
    var text = signed.message().utf8();
    for (var change :
        Map.of(
                "You have chosen", "You had chosen",
                "165545c9", "265545c9",
                "123456789012:MyTopic\",", "123456789012:MyTopik\",",
                "\"Signature\": \"", "\"Signature\": \"A",
                "\"SignatureVersion\": \"", "\"SignatureVersion\": \"3")
            .entrySet()) {
      var changed = text.replace(change.getKey(), change.getValue());

      assertThat(changed).isNotEqualTo(text);
      assertThat(isSigned(signed, Bytes.utf8(changed))).as(change.getKey()).isFalse();
    }
  }

  @Test
  void anyBitFlippedInTheSignatureIsRefused() {
    var signed = confirmation();
    var text = signed.message().utf8();
    int start = text.indexOf("\"Signature\": \"") + "\"Signature\": \"".length();
    int end = text.indexOf('"', start);
    var random = new Random(1);
    for (int i = 0; i < 200; i++) {
      int bit = (start + random.nextInt(end - start)) * 8 + random.nextInt(8);

      // all before the signature is ASCII or counted in bytes by the same amount
      var flipped = SignedRequests.flipped(signed.message(), bit + shift(text, start));
      assertThat(isSigned(signed, flipped)).as("bit %d", bit).isFalse();
    }
  }

  private static int shift(String text, int start) {
    var before = text.substring(0, start);
    return (Bytes.utf8(before).size() - before.length()) * 8;
  }

  @Test
  void oldMessagesAndOthersCertificatesAreRefused() {
    var signed = confirmation();
    var message = SnsMessage.read(signed.message()).orElseThrow();

    assertThat(message.signedBy(signed.certificate(), signed.at().plusSeconds(3601))).isFalse();
    assertThat(message.signedBy(signed.certificate(), signed.at().minusSeconds(3601))).isFalse();
    assertThat(message.signedBy("", signed.at())).isFalse();
    assertThat(message.signedBy("-----BEGIN CERTIFICATE-----\nAAAA", signed.at())).isFalse();
    assertThat(message.signedBy("x".repeat(100_000), signed.at())).isFalse();
  }

  @Test
  void aConfirmationIsAVisitToAmazon() {
    var signed = confirmation();
    var request = post(signed.message(), "x-amz-sns-message-type", "SubscriptionConfirmation");

    var visit =
        (Answer.Visit)
            Handshakes.of(
                    "sns", Map.of("topics", "arn:aws:sns:us-west-2:123456789012:MyTopic"), null)
                .answer(request, SignedRequests.URL);

    assertThat(visit.certificate().toString()).startsWith(ADDRESS + "SimpleNotificationService-");
    assertThat(visit.confirmation().toString()).startsWith(ADDRESS + "?Action=ConfirmSubscription");
    assertThat(visit.message().signedBy(signed.certificate(), signed.at())).isTrue();
    var other = Handshakes.of("sns", Map.of("topics", "arn:aws:sns:us-west-2:1:Other"), null);
    assertThat(other.answer(request, SignedRequests.URL)).isInstanceOf(Answer.Refuse.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://sns.us-west-2.amazonaws.com/",
        "https://sns.us-west-2.amazonaws.com.evil.example/",
        "https://evil.example/sns.us-west-2.amazonaws.com/",
        "https://sns.us-west-2.amazonaws.com@evil.example/",
        "https://user@sns.us-west-2.amazonaws.com/",
        "https://sns.us-west-2.amazonaws.com:8443/",
        "https://snsXus-west-2.amazonaws.com/",
        "https://s3.us-west-2.amazonaws.com/",
        "https://sns.us-west-2.s3.amazonaws.com/",
        "https://sns.us-west-2.amazonaws.com\\\\@evil.example/",
        "//sns.us-west-2.amazonaws.com/",
        "https:sns.us-west-2.amazonaws.com/",
        "file:///etc/passwd",
        "https://sns.us-west-2.amazonaws.com /",
        "https://169.254.169.254/",
      })
  void nothingElseIsVisited(String address) {
    var text = confirmation().message().utf8();
    for (var field : List.of("SigningCertURL", "SubscribeURL")) {
      var changed =
          text.replace("\"" + field + "\": \"" + ADDRESS, "\"" + field + "\": \"" + address);
      var request = post(Bytes.utf8(changed), "x-amz-sns-message-type", "SubscriptionConfirmation");

      assertThat(changed).isNotEqualTo(text);
      assertThat(Handshakes.of("sns", Map.of(), null).answer(request, SignedRequests.URL))
          .isInstanceOf(Answer.Refuse.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "{\"Type\":\"Notification\"}",
        "{\"Type\":1}",
        "{\"Type\":\"a\"} {}",
        "{\"Type\":\"a\",\"Type\":\"b\"}",
        "{\"Type\":\"Notif"
      })
  void rubbishIsNoMessage(String body) {
    assertThat(SnsMessage.read(Bytes.utf8(body))).isEmpty();
    var request = post(Bytes.utf8(body), "x-amz-sns-message-type", "SubscriptionConfirmation");
    assertThat(Handshakes.of("sns", Map.of(), null).answer(request, SignedRequests.URL))
        .isInstanceOf(Answer.Refuse.class);
  }

  @Test
  void aMessageWithAFieldTwiceIsNone() {
    var text = confirmation().message().utf8();
    var twice = text.replace("{\n", "{\n\"TopicArn\":\"other\",");

    assertThat(twice).isNotEqualTo(text);
    assertThat(SnsMessage.read(Bytes.utf8(twice))).isEmpty();
  }
}
