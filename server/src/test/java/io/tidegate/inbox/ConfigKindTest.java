package io.tidegate.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.registry.Command;
import io.tidegate.registry.Judgement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ConfigKindTest {
  private final ConfigKind kind = new ConfigKind();

  private Judgement<WebhookConfig> judge(WebhookConfig present, String more) {
    var body = "{'action':'config','command':'c','expected_version':0" + more + "}";
    var json = (ObjectNode) new JsonMapper().readTree(body.replace('\'', '"'));
    var command =
        new Command("config", ConfigKind.ID, "c", OptionalLong.empty(), Instant.EPOCH, json);
    return kind.judge(Optional.of(present), command, 2);
  }

  private WebhookConfig accepted(WebhookConfig present, String more) {
    var judged = judge(present, more);
    assertThat(judged).isInstanceOf(Judgement.Accepted.class);
    return ((Judgement.Accepted<WebhookConfig>) judged).value();
  }

  @Test
  void changesWhatIsNamedAndGivesBackWhatIsNull() {
    var first =
        accepted(
            WebhookConfig.NONE,
            ",'max_body_size_bytes':1024,'rate_limit_per_second':0,'forward_headers':['X-A','y-*'],"
                + "'include_http_metadata':false,'reject_when_degraded':true,'buffer_capacity':100");
    var second = accepted(first, ",'max_body_size_bytes':33554432,'forward_headers':null");

    assertThat(first)
        .isEqualTo(
            new WebhookConfig(
                OptionalLong.of(1024),
                OptionalInt.of(0),
                Optional.of(List.of("x-a", "y-*")),
                Optional.of(false),
                Optional.of(true),
                OptionalInt.of(100)));
    assertThat(second)
        .isEqualTo(
            new WebhookConfig(
                OptionalLong.of(33_554_432),
                OptionalInt.of(0),
                Optional.empty(),
                Optional.of(false),
                Optional.of(true),
                OptionalInt.of(100)));
    assertThat(kind.read(ConfigKind.ID, 1, kind.write(first))).isEqualTo(first);
    assertThat(kind.read(ConfigKind.ID, 2, kind.write(second))).isEqualTo(second);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",'max_body_size_bytes':1023",
        ",'max_body_size_bytes':33554433",
        ",'max_body_size_bytes':'1024'",
        ",'rate_limit_per_second':-1",
        ",'rate_limit_per_second':1000001",
        ",'rate_limit_per_second':1.5",
        ",'forward_headers':'x-a'",
        ",'forward_headers':['Authorization']",
        ",'forward_headers':['x-a','proxy-authorization']",
        ",'forward_headers':['COOKIE']",
        ",'forward_headers':['a b']",
        ",'forward_headers':['1','2','3','4','5','6','7','8','9','10','11','12','13','14','15','16',"
            + "'17','18','19','20','21','22','23','24','25','26','27','28','29','30','31','32','33']",
        ",'include_http_metadata':'yes'",
        ",'reject_when_degraded':1",
        ",'buffer_capacity':99",
        ",'buffer_capacity':1000001",
        ",'bind_address':'0.0.0.0'",
        ",'endpoint_id':'x','buffer_capacity':100",
        ",'buffer_capacity':100,'port':1"
      })
  void takesAllOfACommandOrNothing(String more) {
    var judged = judge(WebhookConfig.NONE, more);

    assertThat(judged).isInstanceOf(Judgement.Rejected.class);
    var rejected = (Judgement.Rejected<WebhookConfig>) judged;
    assertThat(rejected.code()).isEqualTo("invalid");
    assertThat(rejected.faults()).isNotEmpty();
  }

  @Test
  void knowsNoOtherAction() {
    var json = new JsonMapper().createObjectNode().put("buffer_capacity", 100);
    var command =
        new Command("revoke", ConfigKind.ID, "", OptionalLong.empty(), Instant.EPOCH, json);

    assertThat(kind.judge(Optional.empty(), command, 1))
        .isEqualTo(Judgement.Rejected.of("unknown_action", "config was expected"));
  }
}
