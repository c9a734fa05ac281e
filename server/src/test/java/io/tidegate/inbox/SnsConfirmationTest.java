package io.tidegate.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.guard.Handshake;
import io.tidegate.guard.SnsMessage;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/// What is fetched before a subscription of Amazon's is confirmed.
class SnsConfirmationTest {
  private static final URI CERTIFICATE =
      URI.create("https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem");
  private static final URI CONFIRMATION =
      URI.create("https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription");

  private final List<URI> visited = new CopyOnWriteArrayList<>();

  private static Handshake.Answer.Visit visit() {
    var body =
        """
        {"Type":"SubscriptionConfirmation","MessageId":"m","Token":"t","Message":"x",
         "TopicArn":"arn:aws:sns:eu-west-1:1:t","Timestamp":"2026-01-01T00:00:00.000Z",
         "SignatureVersion":"2","Signature":"AAAA","SubscribeURL":"%s","SigningCertURL":"%s"}
        """
            .formatted(CONFIRMATION, CERTIFICATE);
    return new Handshake.Answer.Visit(
        CERTIFICATE, CONFIRMATION, SnsMessage.read(Bytes.utf8(body)).orElseThrow());
  }

  @Test
  void neverVisitsTheConfirmationOfAMessageThatIsNotSigned() {
    var confirmation =
        new SnsConfirmation(
            address -> {
              visited.add(address);
              return "no certificate";
            },
            Time.system());

    confirmation.begin(Sender.ID, visit());

    await().until(() -> !visited.isEmpty());
    await()
        .during(java.time.Duration.ofMillis(200))
        .untilAsserted(() -> assertThat(visited).containsExactly(CERTIFICATE));
  }

  @Test
  void goesNowhereButToPublicAddresses() {
    var web = new SnsConfirmation.Web();

    Assertions.assertThatThrownBy(() -> web.get(URI.create("https://localhost/x")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("private address");
  }
}
