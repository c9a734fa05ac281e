package io.tidegate.inbox;

import io.tidegate.base.Time;
import io.tidegate.guard.Handshake;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Confirms a subscription of Amazon SNS: gets the certificate, holds the message against it, and
/// only then visits the URL that confirms. Both addresses were found to be Amazon's before.
///
/// Runs on virtual threads of its own, a few at once.
final class SnsConfirmation {
  private static final Logger LOG = LoggerFactory.getLogger(SnsConfirmation.class);
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int AT_ONCE = 8;
  private static final int LARGEST = 64 << 10;

  private final Semaphore places = new Semaphore(AT_ONCE);
  private final Visits visits;
  private final Time time;

  /// Gets what is at an address.
  interface Visits {
    String get(URI address) throws IOException, InterruptedException;
  }

  SnsConfirmation(Visits visits, Time time) {
    this.visits = visits;
    this.time = time;
  }

  void begin(String endpoint, Handshake.Answer.Visit visit) {
    if (!places.tryAcquire()) {
      LOG.atWarn()
          .addKeyValue("endpoint", EndpointId.shown(endpoint))
          .log("too many confirmations of SNS at once; it will ask again");
      return;
    }
    Thread.ofVirtual()
        .name("confirm SNS")
        .start(() -> {
          try {
            confirm(endpoint, visit);
          } finally {
            places.release();
          }
        });
  }

  private void confirm(String endpoint, Handshake.Answer.Visit visit) {
    var shown = EndpointId.shown(endpoint);
    try {
      if (!visit.message().signedBy(visits.get(visit.certificate()), time.now())) {
        LOG.atWarn().addKeyValue("endpoint", shown).log("a confirmation of SNS is not signed well");
        return;
      }
      var _ = visits.get(visit.confirmation());
      LOG.atInfo()
          .addKeyValue("endpoint", shown)
          .addKeyValue("topic", visit.message().topicArn())
          .log("a subscription of SNS is confirmed");
    } catch (IOException failed) {
      LOG.atWarn()
          .addKeyValue("endpoint", shown)
          .log("a subscription of SNS could not be confirmed: {}", failed.toString());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Over HTTPS, to public addresses alone; no redirects.
  static final class Web implements Visits {
    private static final class Client {
      private static final HttpClient INSTANCE =
          HttpClient.newBuilder()
              .connectTimeout(LIMIT)
              .followRedirects(HttpClient.Redirect.NEVER)
              .build();
    }

    @Override
    public String get(URI address) throws IOException, InterruptedException {
      requirePublic(address.getHost());
      var request = HttpRequest.newBuilder(address).timeout(LIMIT).GET().build();
      var response = Client.INSTANCE.send(request, BodyHandlers.ofInputStream());
      try (var body = response.body()) {
        if (response.statusCode() != 200) {
          throw new IOException("status " + response.statusCode());
        }
        return new String(body.readNBytes(LARGEST), StandardCharsets.UTF_8);
      }
    }

    private static void requirePublic(String host) throws UnknownHostException {
      for (var address : InetAddress.getAllByName(host)) {
        if (address.isLoopbackAddress()
            || address.isSiteLocalAddress()
            || address.isLinkLocalAddress()
            || address.isAnyLocalAddress()) {
          throw new UnknownHostException("the host has a private address");
        }
      }
    }
  }
}
