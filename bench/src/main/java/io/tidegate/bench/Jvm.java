package io.tidegate.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// How JVMs are started for both sides: with the same flags, which are those this one was started
/// with, since the launcher starts it as it starts the product.
///
/// @param flags heap, collector and the like
record Jvm(List<String> flags) {

  private static final String HEAP = "-Xmx";

  Jvm {
    flags = List.copyOf(flags);
  }

  static Jvm likeOurs() {
    return of(ManagementFactory.getRuntimeMXBean().getInputArguments());
  }

  /// From all arguments of a JVM those that say how it runs, and a limit to its heap in any case.
  static Jvm of(List<String> arguments) {
    var flags = arguments.stream().filter(Jvm::isKept);
    var heap = arguments.stream().anyMatch(argument -> argument.startsWith(HEAP));
    return new Jvm(Stream.concat(flags, heap ? Stream.of() : Stream.of(HEAP + "512m")).toList());
  }

  private static boolean isKept(String argument) {
    if (argument.startsWith("-XX:AOT") || argument.startsWith("-Xlog")) {
      return false;
    }
    return argument.startsWith("-X")
        || argument.startsWith("--enable-native-access")
        || argument.startsWith("--sun-misc-unsafe")
        || argument.startsWith("-Dio.netty.")
        || argument.startsWith("-Dfile.encoding");
  }

  List<String> command(String classPath, String mainClass, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, mainClass));
    command.addAll(arguments);
    return command;
  }

  @Override
  public String toString() {
    return String.join(" ", flags);
  }
}
