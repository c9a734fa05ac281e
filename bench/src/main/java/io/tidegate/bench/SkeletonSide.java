package io.tidegate.bench;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The physical limit, in a process of its own.
record SkeletonSide(String name, Jvm jvm, int loops) implements Side {

  @Override
  public Start start(Serving serving) {
    var copied = serving.likeness();
    var arguments =
        switch (serving.work()) {
          case PRODUCE, WEBHOOK, WEBHOOK_MEMORY, PUBLISH ->
              Stream.of(
                  serving.work().isDurable() ? "produce" : "absorb",
                  serving.port(),
                  loops,
                  serving.data(),
                  serving.kafkaPort(),
                  copied.partitions());
          case GET_ONE, GET_MERGED ->
              Stream.of("reply", serving.port(), loops, copied.replyBytes());
        };
    return new Start(command(arguments.map(String::valueOf).toList()), Map.of());
  }

  private List<String> command(List<String> arguments) {
    var classPath = System.getProperty("java.class.path");
    return jvm.command(classPath, Skeleton.class.getName(), arguments);
  }
}
