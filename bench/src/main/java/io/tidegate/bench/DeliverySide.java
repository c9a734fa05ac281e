package io.tidegate.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Who brings the records of a topic to their receivers, each a process of its own beside the Kafka
/// node that all of them read.
sealed interface DeliverySide extends Side {
  /// Requests on their way at once.
  int CONCURRENCY = 256;

  private static String bootstrap(Serving serving) {
    return "127.0.0.1:" + serving.kafkaPort();
  }

  private static String jars(Path home) {
    var jars = home.resolve("app/target/dist/lib");
    if (!Files.isDirectory(jars)) {
      throw new BenchFailure("there is no product in " + jars + ": build it");
    }
    return jars + "/*";
  }

  private static Path config(Serving serving, String name) {
    try (var template = DeliverySide.class.getResourceAsStream(name)) {
      if (template == null) {
        throw new IllegalStateException("no resource named " + name);
      }
      var text =
          new String(template.readAllBytes(), StandardCharsets.UTF_8)
              .replace("@KAFKA@", bootstrap(serving))
              .replace("@CONCURRENCY@", Integer.toString(CONCURRENCY));
      return Files.writeString(serving.folder().resolve(name), text);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /// Tidegate as it was built.
  ///
  /// @param home where the repository is
  record Product(Path home, Jvm jvm) implements DeliverySide {
    @Override
    public String name() {
      return "product";
    }

    @Override
    public Start start(Serving serving) {
      return up(jvm, home, serving, "deliver.yaml", "off", Map.of());
    }
  }

  /// Tidegate as it was built, with event destinations.
  ///
  /// @param home where the repository is
  record Events(Path home, Jvm jvm) implements DeliverySide {
    @Override
    public String name() {
      return "product";
    }

    @Override
    public Start start(Serving serving) {
      var admin = "127.0.0.1:" + serving.port();
      var key = Map.of("TIDEGATE_ADMIN_KEY", Requests.KEY);
      return up(jvm, home, serving, "fanout.yaml", admin, key);
    }
  }

  private static Start up(
      Jvm jvm,
      Path home,
      Serving serving,
      String file,
      String admin,
      Map<String, String> environment) {
    var arguments =
        List.of(
            "up",
            config(serving, file).toString(),
            "--data",
            serving.data().toString(),
            "--create-topics",
            "--admin",
            admin);
    return new Start(jvm.command(jars(home), "io.tidegate.app.Main", arguments), environment);
  }

  /// The physical limit: read, post, append an outcome.
  record Bare(String name, Jvm jvm, int loops) implements DeliverySide {

    @Override
    public Start start(Serving serving) {
      return skeleton(
          jvm,
          List.of(
              "deliver",
              Integer.toString(serving.kafkaPort()),
              Integer.toString(loops),
              Integer.toString(CONCURRENCY)));
    }
  }

  /// The same behind HTTP: store what is posted, answer, read, post, append an outcome.
  record Relay(String name, Jvm jvm, int loops) implements DeliverySide {

    @Override
    public Start start(Serving serving) {
      return skeleton(
          jvm,
          List.of(
              "relay",
              Integer.toString(serving.port()),
              Integer.toString(loops),
              Integer.toString(serving.kafkaPort()),
              Integer.toString(CONCURRENCY)));
    }
  }

  /// Confluent's Parallel Consumer.
  ///
  /// @param jars its own class path
  record Parallel(Path jars, Jvm jvm, int loops) implements DeliverySide {
    @Override
    public String name() {
      return "parallel";
    }

    @Override
    public Start start(Serving serving) {
      if (!Files.isDirectory(jars)) {
        throw new BenchFailure(
            "there is no Parallel Consumer in "
                + jars
                + ": ./mvnw -Pquick -pl bench/rival package");
      }
      var arguments =
          List.of(
              bootstrap(serving),
              DeliverySource.TOPIC,
              Integer.toString(CONCURRENCY),
              Integer.toString(loops));
      return new Start(
          jvm.command(jars + "/*", "io.tidegate.rival.ParallelDelivery", arguments), Map.of());
    }
  }

  /// The Kafka node that they share.
  record Node(Jvm jvm) implements DeliverySide {
    @Override
    public String name() {
      return "node";
    }

    @Override
    public Start start(Serving serving) {
      return skeleton(
          jvm,
          List.of("node", Integer.toString(serving.kafkaPort()), "1", serving.data().toString()));
    }
  }

  private static Start skeleton(Jvm jvm, List<String> arguments) {
    var classPath = System.getProperty("java.class.path");
    return new Start(jvm.command(classPath, Skeleton.class.getName(), arguments), Map.of());
  }
}
