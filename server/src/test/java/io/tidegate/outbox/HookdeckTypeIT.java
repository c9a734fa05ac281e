package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.edge.Edge;
import io.tidegate.edge.EdgeLimits;
import io.tidegate.edge.OutboundCalls;
import io.tidegate.http.Client.Limits;
import io.tidegate.http.Client.Result.Replied;
import io.tidegate.plan.HttpService.Version;
import io.tidegate.plan.OutboundHttp;
import io.tidegate.receivers.Behaviour;
import io.tidegate.receivers.MisbehavingReceiver;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/// Requests to a source of Hookdeck, as a receiver in its place gets them.
class HookdeckTypeIT {
  private static final Duration STEP = Duration.ofSeconds(10);
  private static final Limits LIMITS = new Limits(STEP, STEP, STEP, STEP, 1024);
  private static final OutboundHttp WAY =
      new OutboundHttp(
          "test",
          Optional.empty(),
          Optional.empty(),
          Set.of(Version.HTTP_1_1),
          List.of(),
          Optional.empty(),
          new OutboundHttp.Addresses(List.of("127.0.0.0/8"), List.of()),
          Optional.empty());

  @Test
  void reachesTheSourceAndTheApi() throws Exception {
    var token =
        Base64.getEncoder().encodeToString("src_1:a secret".getBytes(StandardCharsets.UTF_8));
    var verify = "/2025-01-01/sources/src_1/managed/verify";
    try (var receiver =
            MisbehavingReceiver.start().on(verify, Behaviour.status(200), Behaviour.status(401));
        var edge = Edge.open(EdgeLimits.defaults(), 1);
        var client = OutboundCalls.open(edge, WAY)) {
      var type = new HookdeckType(URI.create(receiver.url("")), URI.create(receiver.url("")));
      var credentials = Map.of("token", token);
      var outgoing = Samples.outgoing("user.created", "{ \"a\" : 1 }", Map.of("region", "eu"));

      assertThat(client.send(type.call(Map.of(), credentials, outgoing), LIMITS))
          .isInstanceOf(Replied.class);
      var first = client.send(type.probe(Map.of(), credentials).call(), LIMITS);
      var second = client.send(type.probe(Map.of(), credentials).call(), LIMITS);

      var seen = receiver.seen("/src_1").getFirst();
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      assertThat(seen.headers().first("x-hookdeck-signature"))
          .hasValue("v0=" + Base64.getEncoder().encodeToString(mac.doFinal(seen.body())));
      assertThat(seen.headers().first("x-outpost-region")).hasValue("eu");
      assertThat(new String(seen.body(), StandardCharsets.UTF_8)).isEqualTo("{ \"a\" : 1 }");
      assertThat(receiver.seen(verify).getFirst().headers().first("x-hookdeck-source-token"))
          .hasValue(token);
      assertThat(type.probe(Map.of(), credentials).isFine().test(status(first))).isTrue();
      assertThat(type.probe(Map.of(), credentials).isFine().test(status(second))).isFalse();
    }
  }

  private static int status(io.tidegate.http.Client.Result result) {
    return ((Replied) result).reply().status();
  }
}
