package io.tidegate.edge;

import static io.tidegate.edge.Outbound.LIMITS;
import static io.tidegate.edge.Outbound.plan;
import static io.tidegate.edge.Outbound.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.http.Client.Failure;
import io.tidegate.http.Client.Result.Failed;
import io.tidegate.http.Client.Result.Replied;
import io.tidegate.plan.OutboundHttp.Addresses;
import io.tidegate.receivers.MisbehavingReceiver;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests in clear text through a proxy, which is asked with the whole URL.
class OutboundProxyIT {
  private final Edge edge = Edge.open(EdgeLimits.defaults(), 2);
  private final MisbehavingReceiver proxy = MisbehavingReceiver.start();
  private final KnownNames names =
      new KnownNames()
          .with("public.example", "93.184.215.14")
          .with("private.example", "10.0.0.1")
          .with("mixed.example", "93.184.215.14", "10.0.0.1");
  private final OutboundCalls client =
      OutboundCalls.open(
          edge,
          Outbound.proxied(
              plan(new Addresses(List.of(), List.of("*.denied.example"))), proxy.port()),
          names,
          Pooling.USUAL);

  @AfterEach
  void close() {
    client.close();
    proxy.close();
    edge.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"public.example", "unknown.example"})
  void theProxyIsAskedWithTheWholeUrl(String host) {
    var result = client.send(post("http://" + host + "/in?x=1", "x"), LIMITS);

    assertThat(result).isInstanceOf(Replied.class);
    var seen = proxy.seen("http://" + host + "/in?x=1");
    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst().headers().first("host")).contains(host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "http://169.254.169.254/",
        "http://private.example/",
        "http://mixed.example/",
        "http://x.denied.example/",
        "http://localhost/"
      })
  void whatMustNotBeReachedIsNotEvenAskedFor(String url) {
    var result = client.send(post(url, "x"), LIMITS);

    assertThat(result).isInstanceOf(Failed.class);
    assertThat(((Failed) result).failure()).isEqualTo(Failure.REFUSED_ADDRESS);
    assertThat(proxy.accepted()).isZero();
  }

  @Test
  void connectionsToTheProxyAreUsedAgain() {
    for (int i = 0; i < 3; i++) {
      assertThat(client.send(post("http://public.example/", "x"), LIMITS))
          .isInstanceOf(Replied.class);
    }

    assertThat(proxy.accepted()).isEqualTo(1);
  }
}
