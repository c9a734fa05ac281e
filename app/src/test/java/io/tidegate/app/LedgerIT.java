package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What happened, as Outpost's clients see it in a whole Tidegate.
class LedgerIT {
  private static final String CONFIG =
      TestGateway.builtIn()
          + """
            events:
              type: event-destinations
              kind: remote_server
              entry: kafka_client
              options:
                addresses: {allow: 127.0.0.0/8}
                retry: {initial: 15s, jitter: 0}
              exit: out_http
            out_http: {type: http, kind: client, exit: out_tcp}
            out_tcp: {type: tcp, kind: client}
          """
              .indent(0);

  @TempDir private Path data;

  @Test
  void showsOutpostsClientsWhatHappened() throws Exception {
    try (var gateway = TestGateway.start(data, CONFIG)) {
      var said = gateway.run("ledger.mjs");

      listsEvents(said);
      listsAttempts(said);
      retries(said);
      counts(said);
      keepsTenantsApart(said);
    }
  }

  private static void listsEvents(JsonNode said) {
    assertThat(said.path("events").toString())
        .isEqualTo(
            "[[\"evt-0\",\"user.created\",2,0],[\"evt-1\",\"user.created\",2,1],"
                + "[\"evt-2\",\"user.created\",2,2],[\"evt-3\",\"user.deleted\",1,3],"
                + "[\"evt-4\",\"user.deleted\",1,4]]");
    assertThat(said.path("metadata").toString()).isEqualTo("{\"source\":\"test\"}");
    assertThat(said.path("bothTenants").asInt()).isEqualTo(6);
    assertThat(said.path("byTopic").asInt()).isEqualTo(2);
    assertThat(said.path("byDestination").asInt()).isEqualTo(3);
    assertThat(said.path("byId").asInt()).isEqualTo(2);
    assertThat(said.path("inTime").asInt()).isEqualTo(5);
    assertThat(said.path("before").asInt()).isZero();
    assertThat(said.path("pages").toString())
        .isEqualTo("[[\"evt-4\",\"evt-3\"],[\"evt-2\",\"evt-1\"],[\"evt-0\"]]");
    assertThat(said.path("event").toString()).isEqualTo("{\"number\":3}");
    assertThat(said.path("raw").asString()).isEqualTo("{\"number\":3}");
    assertThat(said.path("noEvent").asString()).startsWith("NotFoundError 404");
  }

  private static void listsAttempts(JsonNode said) {
    assertThat(said.path("failed").toString())
        .isEqualTo(
            "[[\"500\",\"failed\",1,false,{\"number\":0},false,500,{\"fails\":true},\"***\",true]]");
    assertThat(said.path("one").toString()).isEqualTo("[true,\"user.created\",true]");
    assertThat(said.path("ofDestination").asInt()).isEqualTo(3);
    assertThat(said.path("oneOfDestination").asString()).isEqualTo("500");
    assertThat(said.path("oneOfAnother").asString()).contains("404");
    assertThat(said.path("request").toString()).isEqualTo("[\"***\",\"***\",\"127.0.0.1\"]");
    assertThat(said.path("timed").asBoolean()).isTrue();
    assertThat(said.path("outcome").asString()).isEqualTo("permanent");
  }

  private static void retries(JsonNode said) {
    assertThat(said.path("retried").path("success").asBoolean()).isTrue();
    assertThat(said.path("manual").toString())
        .isEqualTo("[[\"success\",2,true],[\"failed\",1,false]]");
    assertThat(said.path("noSuchEvent").asString()).startsWith("NotFoundError 404");
    assertThat(said.path("noSuchDestination").asString()).startsWith("NotFoundError 404");
    assertThat(said.path("unmatched").asString())
        .contains("400", "destination does not match event");
    assertThat(said.path("disabled").asString())
        .contains("400", "Destination is disabled", "destination_disabled");
    assertThat(said.path("dry").asInt()).isEqualTo(4);
    assertThat(said.path("many").toString()).isEqualTo("[202,3]");
    assertThat(said.path("rest").path("retried").asInt()).isEqualTo(1);
    assertThat(said.path("rest").path("initiator").asString()).isEqualTo("operator");
    assertThat(said.path("rest").path("skipped").toString()).isEqualTo("{\"delivered\":4}");
    assertThat(said.path("waiting").toString()).isEqualTo("{\"waiting\":1}");
    assertThat(said.path("overtaken").toString())
        .isEqualTo("[[\"success\",2,\"delivered\"],[\"failed\",1,\"skipped\"]]");
    assertThat(said.path("requests").asInt()).isEqualTo(2);
  }

  private static void counts(JsonNode said) {
    var flaky = said.path("metrics").path("flaky");
    assertThat(flaky.path("count").asInt()).isEqualTo(10);
    assertThat(flaky.path("successful_count").asInt()).isEqualTo(5);
    assertThat(flaky.path("error_rate").asDouble()).isEqualTo(0.5);
    assertThat(flaky.path("manual_retry_count").asInt()).isEqualTo(5);
    assertThat(flaky.path("rate").asDouble()).isPositive();
    assertThat(said.path("metrics").path("good").path("count").asInt()).isEqualTo(3);
    assertThat(said.path("byStatus").toString())
        .isEqualTo(
            "[[\"failed\",\"500\",\"false\",5],[\"success\",\"200\",\"false\",4],"
                + "[\"success\",\"200\",\"true\",5]]");
    assertThat(said.path("chart").toString()).isEqualTo("[\"1m\",6]");
    assertThat(said.path("badGranularity").asString()).startsWith("BadRequestError 400");
  }

  private static void keepsTenantsApart(JsonNode said) {
    assertThat(said.path("own").toString()).isEqualTo("[\"evt-other\"]");
    assertThat(said.path("ownAttempts").toString()).isEqualTo("[\"other\"]");
    assertThat(said.path("foreignEvent").asString()).contains("404");
    assertThat(said.path("foreignAttempt").asString()).contains("404");
    assertThat(said.path("foreignRetry").asString()).contains("404");
    assertThat(said.path("ownMetrics").asInt()).isEqualTo(1);
    assertThat(said.path("foreignMetrics").asString()).contains("403");
  }
}
