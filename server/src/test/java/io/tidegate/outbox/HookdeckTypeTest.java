package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.registry.Judgement.Fault;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HookdeckTypeTest {
  private static final String TOKEN = "c3JjXzEyMzpzZWNyZXQ="; // src_123:secret

  private final HookdeckType type =
      new HookdeckType(URI.create("http://127.0.0.1:9/in"), URI.create("http://127.0.0.1:9/api"));

  @Test
  void postsToTheSourceOfTheTokenAndSignsWithIt() {
    var call =
        type.call(
            Map.of(),
            Map.of("token", TOKEN),
            Samples.outgoing("user.created", "{\"a\":1}", Map.of("region", "eu", "topic", "x")));

    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.target().url()).isEqualTo("http://127.0.0.1:9/in/src_123");
    assertThat(call.headers().first("x-hookdeck-signature"))
        .hasValue("v0=IfTfc4J2FugGsXywfj6+F0YC39gw0TWtbYafGgd47Pk=");
    assertThat(call.headers().first("x-outpost-event-id")).hasValue("evt_1");
    assertThat(call.headers().first("x-outpost-topic")).hasValue("user.created");
    assertThat(call.headers().first("x-outpost-region")).hasValue("eu");
    assertThat(call.headers().first("content-type")).hasValue("application/json");
    assertThat(call.body().utf8()).isEqualTo("{\"a\":1}");
  }

  @Test
  void asksTheApiAboutTheToken() {
    var probe = type.probe(Map.of(), Map.of("token", TOKEN));

    assertThat(probe.call().target().url())
        .isEqualTo("http://127.0.0.1:9/api/2025-01-01/sources/src_123/managed/verify");
    assertThat(probe.call().headers().first("x-hookdeck-source-token")).hasValue(TOKEN);
    assertThat(probe.isFine().test(200)).isTrue();
    assertThat(probe.isFine().test(401)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "c3JjXzEyMw==",
        "OnNlY3JldA==",
        "Li4vLi46c2VjcmV0",
        "c3JjXzEyMzo="
      })
  void refusesWhatIsNoToken(String token) {
    assertThat(type.faults(Map.of(), Map.of("token", token)))
        .extracting(Fault::pointer)
        .containsExactly("/credentials/token");
  }

  @Test
  void wantsNothingButTheToken() {
    assertThat(type.faults(Map.of(), Map.of("token", TOKEN))).isEmpty();
    assertThat(type.faults(Map.of("url", "x"), Map.of("token", TOKEN)))
        .extracting(Fault::pointer)
        .containsExactly("/config/url");
    assertThat(type.isSecret("token")).isTrue();
  }
}
