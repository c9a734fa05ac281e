package io.tidegate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

@Timeout(600)
class SelfTestIT {

  @TempDir Path folder;

  @Test
  void theSkeletonRunsAgainstItself() throws IOException {
    var results = folder.resolve("bench.json");

    var status =
        Bench.commandLine()
            .execute("--self-test", "--work", folder.toString(), "--out", results.toString());

    assertThat(status).isZero();
    var comparisons = JsonMapper.shared().readTree(Files.readString(results)).get("comparisons");
    assertThat(comparisons.findValuesAsString("scenario")).containsExactly("produce-64", "get-one");
    assertThat(comparisons.get(0).findValues("stored")).hasSize(2);
    assertThat(comparisons.get(1).at("/likeness/replyBytes").asInt())
        .isEqualTo(Requests.BODY_BYTES);
  }

  @Test
  void anUnknownScenarioIsRefused() {
    var status = Bench.commandLine().execute("produce-65", "--work", folder.toString());

    assertThat(status).isEqualTo(1);
  }

  @Test
  void aProductThatEndsAtOnceIsReportedWithItsLastWords() {
    var failure = failureOf("echo no such luck >&2; false");

    assertThat(failure).contains("the product has ended").contains("no such luck");
  }

  private String failureOf(String command) {
    var said = new StringWriter();
    Bench.commandLine()
        .setErr(new PrintWriter(said, true))
        .execute("get-one", "--product", command, "--work", folder.toString());
    return said.toString();
  }
}
