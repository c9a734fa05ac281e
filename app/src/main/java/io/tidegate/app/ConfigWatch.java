package io.tidegate.app;

import io.tidegate.base.Bytes;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at the configuration file once a second and applies what has changed. A file that is bad
/// is reported, once, and what runs goes on.
///
/// Compares contents, since modification times do not tell when a mounted folder is swapped.
final class ConfigWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);

  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("config-watch").daemon().factory());
  private final Gateway gateway;
  private Bytes seen;

  /// @param seen what runs already
  ConfigWatch(Optional<Path> file, Bytes seen, Gateway gateway) {
    this.gateway = gateway;
    this.seen = seen;
    file.ifPresent(path -> {
      var _ = looks.scheduleWithFixedDelay(() -> look(path), 1, 1, TimeUnit.SECONDS);
    });
  }

  private void look(Path file) {
    try {
      var source = ConfigSource.of(file);
      if (!source.bytes().equals(seen)) {
        seen = source.bytes();
        gateway.apply(Source.plan(source));
        LOG.atInfo().addKeyValue("file", file).log("the changed configuration is in force");
      }
    } catch (UserFault fault) {
      LOG.atError().log("the configuration stays as it was: {}", fault.getMessage());
    } catch (RuntimeException failed) {
      LOG.atError().setCause(failed).log("the configuration stays as it was");
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
