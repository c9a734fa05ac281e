package io.tidegate.app;

import io.tidegate.base.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "seal",
    description = {
      "Reads a secret from standard input and prints it sealed, for a command in",
      "tidegate.commands: printf %s \"$SECRET\" | tidegate seal"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "The key is TIDEGATE_KEY, the file TIDEGATE_KEY_FILE, or sealing.key in the data."
    })
final class SealCommand implements Callable<Integer> {
  private static final int LONGEST = 64 << 10;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "Where the key is kept (default: ${DEFAULT-VALUE}).")
  private Path data = Path.of("data");

  @Override
  public Integer call() throws IOException {
    var secret = new String(System.in.readNBytes(LONGEST), StandardCharsets.UTF_8);
    if (secret.endsWith("\n")) {
      secret = secret.substring(0, secret.length() - 1);
    }
    if (secret.isEmpty()) {
      throw new UserFault("there is nothing to seal on standard input");
    }
    var key = new KeyFiles(data, System::getenv).sealingKey();
    System.out.println(key.seal(new Secret(secret)));
    return 0;
  }
}
