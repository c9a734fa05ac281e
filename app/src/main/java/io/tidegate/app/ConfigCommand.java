package io.tidegate.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "config",
    description = "Prints the built-in configuration, which `up` runs when it is given no file.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ConfigCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    System.out.print(ConfigSource.builtIn().text());
    return 0;
  }
}
