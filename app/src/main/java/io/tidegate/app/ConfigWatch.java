package io.tidegate.app;

import io.tidegate.base.Bytes;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at the configuration now and then, a file once a second and a URL every ten, and applies
/// what has changed. A bad one is reported, once, and what runs goes on.
///
/// Compares contents, since modification times do not tell when a mounted folder is swapped.
final class ConfigWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);

  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("config-watch").daemon().factory());
  private final Gateway gateway;
  private Bytes seen;
  private String trouble = "";

  /// @param location empty for the built-in configuration, which never changes
  /// @param seen what runs already
  ConfigWatch(Optional<String> location, Bytes seen, Gateway gateway) {
    this.gateway = gateway;
    this.seen = seen;
    location.ifPresent(where -> {
      int seconds = ConfigSource.isUrl(where) ? 10 : 1;
      var _ = looks.scheduleWithFixedDelay(() -> look(where), seconds, seconds, TimeUnit.SECONDS);
    });
  }

  private void look(String location) {
    try {
      var source = ConfigSource.of(location);
      trouble = "";
      if (!source.bytes().equals(seen)) {
        seen = source.bytes();
        gateway.apply(Source.plan(source));
        LOG.atInfo()
            .addKeyValue("from", source.name())
            .log("the changed configuration is in force");
      }
    } catch (UserFault fault) {
      if (!trouble.equals(fault.getMessage())) {
        trouble = String.valueOf(fault.getMessage());
        LOG.atError().log("the configuration stays as it was: {}", trouble);
      }
    } catch (RuntimeException failed) {
      LOG.atError().setCause(failed).log("the configuration stays as it was");
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
