package io.tidegate.app;

import io.tidegate.base.Bytes;
import io.tidegate.config.ConfigReader;
import io.tidegate.config.GatewayConfig;
import io.tidegate.config.Loaded;
import io.tidegate.delivery.SigningRules;
import io.tidegate.inbox.StaticEndpoints;
import io.tidegate.plan.Plan;
import io.tidegate.plan.Planned;
import io.tidegate.plan.Planner;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// From a file or a URL to a plan, now and whenever what is there changes.
final class Source {
  private final Optional<String> location;
  private Bytes planned = Bytes.EMPTY;

  Source(Optional<String> location) {
    this.location = location;
  }

  /// Reads, checks and plans.
  ///
  /// @throws UserFault with every fault of the file
  Plan plan() {
    var source = ConfigSource.of(location.orElse(null));
    planned = source.bytes();
    return plan(source);
  }

  static Plan plan(ConfigSource source) {
    var plan = asWritten(source);
    return servers().map(plan::withServers).orElse(plan);
  }

  /// The plan of the file alone, whatever the environment says about servers.
  static Plan asWritten(ConfigSource source) {
    var config = check(source);
    return switch (Planner.plan(config, StaticEndpoints::faults, SigningRules::faults)) {
      case Planned.Ok(var plan) -> plan;
      case Planned.Refused(var report) -> throw refused(source, report.toString());
    };
  }

  private static GatewayConfig check(ConfigSource source) {
    return switch (new ConfigReader(System::getenv).read(source.name(), source.bytes())) {
      case Loaded.Ok(var config, var warnings) -> {
        warnings.forEach(warning -> System.err.println("tidegate: warning: " + warning));
        yield config;
      }
      case Loaded.Refused(var report) -> throw refused(source, report.toString());
    };
  }

  private static UserFault refused(ConfigSource source, String report) {
    return new UserFault(source.name() + " cannot run:\n" + report);
  }

  private static Optional<List<String>> servers() {
    return Optional.ofNullable(System.getenv("TIDEGATE_KAFKA"))
        .filter(text -> !text.isBlank())
        .map(text -> Arrays.stream(text.split(",")).map(String::strip).toList());
  }

  /// Applies changes of the file to `gateway` as they come; the built-in configuration has none.
  ConfigWatch watch(Gateway gateway) {
    return new ConfigWatch(location, planned, gateway);
  }
}
