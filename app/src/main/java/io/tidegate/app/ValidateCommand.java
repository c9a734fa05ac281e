package io.tidegate.app;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "validate",
    description = "Checks a configuration and reports every fault in it.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ValidateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The configuration, a file or a URL.")
  private String file = "zilla.yaml";

  @Override
  public Integer call() {
    new Source(Optional.of(file)).plan();
    System.out.println(file + " is valid");
    return 0;
  }
}
