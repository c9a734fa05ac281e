package io.tidegate.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReceiversIT {
  private final Receivers receivers = new Receivers(2, 1, 4);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.close();
    receivers.close();
  }

  @Test
  void countsWhatArrivesInOrder() throws Exception {
    post(1, 0);
    post(3, 0);
    post(1, 1);

    assertThat(receivers.received()).isEqualTo(3);
    assertThat(receivers.repeated() + receivers.disordered()).isZero();
    assertThat(receivers.ages().getTotalCount()).isEqualTo(3);
  }

  @Test
  void findsNumberAndTimeWithinJson() throws Exception {
    send(3, "{\"name\":\"" + stamp(0) + "\"}");

    assertThat(receivers.received()).isEqualTo(1);
    assertThat(receivers.ages().getMaxValue()).isLessThan(60_000_000);
  }

  @Test
  void seesGapsAndRepetitions() throws Exception {
    post(1, 0);
    post(1, 2);
    post(1, 1);
    post(1, 1);

    assertThat(receivers.received()).isEqualTo(3);
    assertThat(receivers.disordered()).isEqualTo(1);
    assertThat(receivers.repeated()).isEqualTo(1);
  }

  @Test
  void someNeverAnswer() {
    var silence = Duration.ofSeconds(1);

    assertThatThrownBy(() -> send(0, stamp(0), silence)).isInstanceOf(HttpTimeoutException.class);
    assertThat(receivers.received()).isZero();
  }

  private void post(int key, int number) throws IOException, InterruptedException {
    send(key, stamp(number) + "x".repeat(485));
  }

  private static String stamp(int number) {
    return String.format(Locale.ROOT, "%08d%019d", number, System.nanoTime());
  }

  private void send(int key, String body) throws IOException, InterruptedException {
    send(key, body, Duration.ofSeconds(20));
  }

  private void send(int key, String body, Duration limit) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(receivers.url(key)))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(limit)
            .POST(BodyPublishers.ofString(body))
            .build();
    assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
  }
}
