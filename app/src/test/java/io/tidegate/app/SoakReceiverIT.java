package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidegate.app.DeliveryHistory.Item;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SoakReceiverIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Witness witness = new Witness();

  @Test
  void tellsTheWitnessOfEachRequest() throws Exception {
    try (var receiver = new SoakReceiver(witness, new Random(1), 0);
        var client = HttpClient.newHttpClient()) {
      var url = receiver.url("k1");

      assertThat(post(client, url, 0)).isBetween(200, 202);
      assertThat(post(client, url, 1)).isBetween(200, 202);

      var tries = witness.history(List.of()).tries();
      assertThat(tries)
          .extracting(DeliveryHistory.Try::item)
          .containsExactly(new Item(url, 0), new Item(url, 1));
      assertThat(tries).extracting(DeliveryHistory.Try::id).containsExactly("id-0", "id-1");
      assertThat(witness.accepted()).isEqualTo(2);
    }
  }

  @Test
  void failsInManyWaysAndAcceptsNothingThen() throws Exception {
    try (var receiver = new SoakReceiver(witness, new Random(1), 1);
        var client = HttpClient.newHttpClient()) {
      for (int i = 0; i < 40; i++) {
        var limit = i == 0 ? LIMIT : Duration.ofSeconds(1); // the first warms the client up, too
        try {
          assertThat(post(client, receiver.url("k1"), i, limit)).isIn(404, 429, 503);
        } catch (IOException noAnswer) {
          continue;
        }
      }

      await().until(() -> witness.history(List.of()).tries().size() >= 40);
      assertThat(witness.accepted()).isZero();
    }
  }

  @Test
  void goesAwayAndComesBackAtTheSamePlace() throws Exception {
    try (var receiver = new SoakReceiver(witness, new Random(1), 0);
        var client = HttpClient.newHttpClient()) {
      receiver.leave();
      assertThatThrownBy(() -> post(client, receiver.url("k1"), 0)).isInstanceOf(IOException.class);

      receiver.comeBack();

      assertThat(post(client, receiver.url("k1"), 0)).isBetween(200, 202);
    }
  }

  private static int post(HttpClient client, String url, int number)
      throws IOException, InterruptedException {
    return post(client, url, number, LIMIT);
  }

  private static int post(HttpClient client, String url, int number, Duration limit)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .header("idempotency-key", "id-" + number)
            .timeout(limit)
            .POST(BodyPublishers.ofString(Integer.toString(number)))
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }
}
