package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tidegate.base.Bytes;
import io.tidegate.config.ConfigReader;
import io.tidegate.config.Loaded;
import io.tidegate.plan.Planned;
import io.tidegate.plan.Planner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the commands print, and how they end.
@Isolated
class CommandsTest {
  @TempDir private Path folder;

  private record Ended(int code, String out, String err) {}

  @Test
  void printsTheBuiltInConfigurationWhichIsValid() throws IOException {
    var config = run("config");
    var file = Files.writeString(folder.resolve("zilla.yaml"), config.out);

    assertThat(config.code).isZero();
    assertThat(run("validate", file.toString())).isEqualTo(new Ended(0, file + " is valid\n", ""));
  }

  @Test
  void reportsEveryFaultOfAFile() throws IOException {
    var file =
        Files.writeString(
            folder.resolve("zilla.yaml"),
            "name: x\nbindings:\n  a: {type: tpc, kind: server, exit: nowhere}\n  b: {type: echo, kind: sever}\n");

    var ended = run("validate", file.toString());

    assertThat(ended.code).isEqualTo(1);
    assertThat(ended.err)
        .contains("zilla.yaml:3")
        .contains("did you mean 'tcp'")
        .contains("zilla.yaml:4")
        .contains("did you mean 'server'");
  }

  @Test
  void saysWhatIsWrongWithAFileThatIsNotThere() {
    var ended = run("validate", "no-such.yaml");

    assertThat(ended.code).isEqualTo(1);
    assertThat(ended.err).isEqualTo("tidegate: cannot read no-such.yaml: there is no such file\n");
  }

  @Test
  void takesAUrlInPlaceOfAFile() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var config = run("config").out.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/good.yaml",
        exchange -> {
          exchange.sendResponseHeaders(200, config.length);
          exchange.getResponseBody().write(config);
          exchange.close();
        });
    server.createContext(
        "/endless.yaml",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (var out = exchange.getResponseBody()) {
            for (int i = 0; i < 5 << 10; i++) {
              out.write(new byte[1 << 10]);
            }
          }
        });
    server.start();
    var base = "http://127.0.0.1:" + server.getAddress().getPort();
    try {
      assertThat(run("validate", base + "/good.yaml").code).isZero();
      assertThat(run("validate", base.replace("//", "//user:pass@") + "/none.yaml?key=secret").err)
          .isEqualTo(
              "tidegate: cannot read %s/none.yaml: the server answered with status 404\n"
                  .formatted(base));
      assertThat(run("validate", base + "/endless.yaml").err).contains("larger than 4 MiB");
    } finally {
      server.stop(0);
    }
    assertThat(run("validate", base + "/good.yaml").err).contains("nobody answers there");
    assertThat(run("validate", "http:///good.yaml").err).contains("without a host");
  }

  @Test
  void judgesTheSecretsThatRequestsAreSignedWith() throws IOException {
    var file = folder.resolve("zilla.yaml");
    Files.writeString(
        file,
        """
        name: example
        bindings:
          webhooks:
            type: kafka-http
            kind: remote_server
            entry: kafka
            options:
              signing:
                - secrets: [whpk_c2VjcmV0]
                - {preset: hmac, parameters: {algorithm: md5}, secrets: [s]}
            routes:
              - {when: [{topic: orders}], exit: http}
          http: {type: http, kind: client, exit: tcp}
          tcp: {type: tcp, kind: client}
          kafka: {type: kafka, kind: client}
        """);

    var ended = run("validate", file.toString());

    assertThat(ended.code).isEqualTo(1);
    assertThat(ended.err)
        .contains(":9: bindings.webhooks.options.signing[0]: secret 1 is a public key")
        .contains(":10: bindings.webhooks.options.signing[1]: header: the name of")
        .contains("algorithm: ")
        .doesNotContain("c2VjcmV0");
  }

  @Test
  void showsThePlan() {
    assertThat(run("plan").out)
        .contains("http://127.0.0.1:7114")
        .contains("items")
        .contains("clusters");
  }

  @Test
  void tellsItsVersion() {
    assertThat(run("version").out).matches("(?s)Tidegate \\d.*Java 2\\d.*");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsValid(Path example) throws IOException {
    // Some take secrets and generated files from the environment, where their script puts them.
    var reader = new ConfigReader(name -> "value-of-" + name);

    var loaded = reader.read(example.toString(), Bytes.wrap(Files.readAllBytes(example)));

    assertThat(loaded).isInstanceOf(Loaded.Ok.class);
    assertThat(Planner.plan(((Loaded.Ok) loaded).config())).isInstanceOf(Planned.Ok.class);
  }

  static java.util.List<Path> examples() throws IOException {
    try (var folders = Files.list(Path.of("../examples"))) {
      return folders.map(it -> it.resolve("zilla.yaml")).filter(Files::exists).sorted().toList();
    }
  }

  private static Ended run(String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var before = System.out;
    var beforeErr = System.err;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      var code = Main.execute(args);
      return new Ended(
          code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(before);
      System.setErr(beforeErr);
    }
  }
}
