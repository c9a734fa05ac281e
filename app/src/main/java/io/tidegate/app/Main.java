package io.tidegate.app;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// What a user types after `./tidegate`. (`build`, `test` and `bench` are the launcher's own.)
@Command(
    name = "tidegate",
    description = "The gateway between HTTP and the log.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UpCommand.class,
      ValidateCommand.class,
      PlanCommand.class,
      ConfigCommand.class,
      ListenCommand.class,
      SealCommand.class,
      VersionCommand.class,
      TrainCommand.class
    },
    footer = {
      "",
      "From the source tree also:",
      "  build     Builds what `up` runs.",
      "  test      Runs every test, and every example.",
      "  bench     Measures Tidegate beside its physical limits (`bench --help`)."
    })
public final class Main implements Callable<Integer> {
  @Spec private CommandSpec spec;

  private Main(CommandSpec spec) {
    this.spec = spec;
  }

  /// Runs one command and ends the process with its exit code.
  public static void main(String[] args) {
    System.exit(execute(args));
  }

  static int execute(String... args) {
    return new CommandLine(new Main(CommandSpec.create()))
        .setExecutionExceptionHandler(Main::explain)
        .execute(args);
  }

  /// A failure that a user can mend is a sentence; anything else is a bug and shows where it is.
  private static int explain(
      Exception failed, CommandLine command, CommandLine.ParseResult parsed) {
    if (failed instanceof UserFault fault) {
      command.getErr().println("tidegate: " + fault.getMessage());
      return 1;
    }
    failed.printStackTrace(command.getErr());
    return 70;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }
}
