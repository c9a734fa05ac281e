package io.tidegate.app;

import io.tidegate.plan.PlanText;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "plan",
    description = "Shows what a configuration would run: listeners, routes, topics, clusters.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class PlanCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "The configuration, a file or a URL; without it the built-in one.")
  private @Nullable String file;

  @Override
  public Integer call() {
    System.out.print(PlanText.of(new Source(Optional.ofNullable(file)).plan()));
    return 0;
  }
}
