package io.tidegate.broker;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The embedded node cannot start. The message is meant for whoever started it: what, where, and
/// what to do.
public final class BrokerFailure extends RuntimeException {

  private static final String ELSEWHERE = "or choose another folder with --data";

  private BrokerFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static BrokerFailure locked(Path data, OptionalLong pid) {
    var holder = pid.isPresent() ? "process " + pid.getAsLong() : "another process";
    return new BrokerFailure(
        "data folder %s is in use by %s: stop that one first, %s"
            .formatted(data, holder, ELSEWHERE),
        null);
  }

  static BrokerFailure notWritable(Path data, IOException cause) {
    return new BrokerFailure(
        "data folder %s cannot be written (%s): give this user write access, %s"
            .formatted(data, reason(cause), ELSEWHERE),
        cause);
  }

  static BrokerFailure comma(Path data) {
    return new BrokerFailure(
        "data folder %s has a comma in its name, which Kafka cannot take: rename it, %s"
            .formatted(data, ELSEWHERE),
        null);
  }

  static BrokerFailure full(Path data, long free, long needed) {
    return new BrokerFailure(
        "the disk of data folder %s is full (%d MiB free, the start needs %d MiB): make space, %s"
            .formatted(data, free >> 20, needed >> 20, ELSEWHERE),
        null);
  }

  static BrokerFailure newer(Path data, String what, long found, long readable) {
    return new BrokerFailure(
        "data folder %s was written by a newer version (%s %d, this one reads up to %d): run that version, %s"
            .formatted(data, what, found, readable, ELSEWHERE),
        null);
  }

  static BrokerFailure broken(Path file, String why) {
    return new BrokerFailure(
        "%s is broken (%s): restore it from a backup, %s".formatted(file, why, ELSEWHERE), null);
  }

  static BrokerFailure portTaken(int port, BindException cause) {
    return new BrokerFailure(
        "port %d on 127.0.0.1, asked for the embedded Kafka, cannot be had (%s): stop what listens there, or ask for another port"
            .formatted(port, cause.getMessage()),
        cause);
  }

  static BrokerFailure notStarted(Path data, Throwable cause) {
    return new BrokerFailure(
        "the embedded Kafka on data folder %s did not start (%s): the log before this line says more"
            .formatted(data, reason(root(cause))),
        cause);
  }

  private static Throwable root(Throwable failure) {
    var root = failure;
    for (var next = root.getCause(); next != null; next = next.getCause()) {
      root = next;
    }
    return root;
  }

  private static String reason(Throwable cause) {
    var text = cause.getClass().getSimpleName();
    return cause.getMessage() == null ? text : text + ": " + cause.getMessage();
  }
}
