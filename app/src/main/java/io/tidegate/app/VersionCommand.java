package io.tidegate.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "version",
    description = "Prints the version.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class VersionCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    for (var line : new Version().getVersion()) {
      System.out.println(line);
    }
    return 0;
  }
}
