package io.tidegate.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// One of the two that are compared: how a process of it is started.
interface Side {

  /// Also the name of its folder.
  String name();

  Start start(Serving serving);

  /// A command and what it finds in its environment besides ours.
  record Start(List<String> command, Map<String, String> environment) {
    public Start {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
    }
  }

  /// What a process is to serve.
  ///
  /// @param port for HTTP, on 127.0.0.1
  /// @param kafkaPort for the log, so that we can count what was stored
  /// @param metricsPort for the product's metrics page
  /// @param folder for its data and whatever else it needs; there already, kept between starts
  record Serving(
      Work work, int port, int kafkaPort, int metricsPort, Path folder, Likeness likeness) {

    Path data() {
      return folder.resolve("data");
    }
  }

  /// What the skeleton copies from the product, so that both do the same.
  ///
  /// @param replyBytes how long the bodies of replies are
  /// @param partitions of the topic of events
  record Likeness(long replyBytes, int partitions) {}
}
