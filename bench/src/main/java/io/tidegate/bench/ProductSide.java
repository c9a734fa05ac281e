package io.tidegate.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Tidegate with the benchmark's configuration, in one of three ways.
sealed interface ProductSide extends Side {

  String CONFIG = "zilla.yaml";
  String PUBLISH = "publish.yaml";

  @Override
  default String name() {
    return "product";
  }

  /// As it was built, with the same JVM flags as the skeleton.
  ///
  /// @param home where the repository or the distribution is
  record Built(Path home, Jvm jvm) implements ProductSide {
    @Override
    public Start start(Serving serving) {
      var jars = home.resolve("app/target/dist/lib");
      if (!Files.isDirectory(jars)) {
        throw new BenchFailure("there is no product in " + jars + ": build it, or give --product");
      }
      var command = jvm.command(jars + "/*", "io.tidegate.app.Main", ProductSide.up(serving));
      return new Start(command, ProductSide.environment(serving, Map.of()));
    }
  }

  /// As a user starts it.
  ///
  /// @param cached whether it may use its ahead-of-time cache
  record Launched(Path home, boolean cached) implements ProductSide {
    @Override
    public Start start(Serving serving) {
      var command = new ArrayList<>(List.of(home.resolve("tidegate").toString()));
      command.addAll(ProductSide.up(serving));
      return new Start(
          command, ProductSide.environment(serving, Map.of("TIDEGATE_AOT", cached ? "on" : "off")));
    }

    /// Whether there is such a cache. The launcher makes it at its first start.
    boolean hasCache() {
      try (var files = Files.newDirectoryStream(home.resolve("app/target/dist"), "*.aot")) {
        for (var file : files) {
          if (Files.size(file) > 0) {
            return true;
          }
        }
        return false;
      } catch (IOException _) {
        return false;
      }
    }
  }

  /// By a line for the shell, in which `{config}`, `{data}`, `{port}` and `{kafka}` are filled in.
  record Shell(String line, Jvm jvm) implements ProductSide {
    @Override
    public Start start(Serving serving) {
      var filled =
          line.contains("{config}")
              ? line.replace("{config}", quoted(ProductSide.config(serving).toString()))
                  .replace("{data}", quoted(serving.data().toString()))
                  .replace("{port}", Integer.toString(serving.port()))
                  .replace("{kafka}", Integer.toString(serving.kafkaPort()))
              : line + " " + String.join(" ", quoted(ProductSide.up(serving)));
      return new Start(
          List.of("/bin/sh", "-c", "exec " + filled),
          ProductSide.environment(serving, Map.of("JDK_JAVA_OPTIONS", jvm.toString())));
    }

    private static List<String> quoted(List<String> words) {
      return words.stream().map(Shell::quoted).toList();
    }

    private static String quoted(String word) {
      return "'" + word.replace("'", "'\\''") + "'";
    }
  }

  private static boolean isPublished(Serving serving) {
    return serving.work() == Work.PUBLISH;
  }

  private static Map<String, String> environment(Serving serving, Map<String, String> more) {
    var environment = new HashMap<>(more);
    if (isPublished(serving)) {
      environment.put("TIDEGATE_ADMIN_KEY", Requests.KEY);
    }
    return environment;
  }

  private static List<String> up(Serving serving) {
    return List.of(
        "up",
        config(serving).toString(),
        "--data",
        serving.data().toString(),
        "--kafka-port",
        Integer.toString(serving.kafkaPort()),
        "--admin",
        isPublished(serving) ? "127.0.0.1:" + serving.port() : "off");
  }

  private static Path config(Serving serving) {
    var name = isPublished(serving) ? PUBLISH : CONFIG;
    try (var template = ProductSide.class.getResourceAsStream(name)) {
      if (template == null) {
        throw new IllegalStateException("no resource named " + name);
      }
      var text = new String(template.readAllBytes(), StandardCharsets.UTF_8);
      var file = serving.folder().resolve(CONFIG);
      return Files.writeString(
          file,
          text.replace("@PORT@", Integer.toString(serving.port()))
              .replace("@METRICS@", Integer.toString(serving.metricsPort())));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
