package io.tidegate.guard;

import io.tidegate.http.Session;
import io.tidegate.plan.GuardSpec;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Accepts whatever credentials it is shown, and knows no roles: its real use is to hold the
/// credentials of requests that Tidegate itself sends.
///
/// Immutable; any thread.
public final class InlineGuard implements Guard, Credentials {
  private final GuardSpec.Inline spec;
  private final Verdict accepted;

  public InlineGuard(GuardSpec.Inline spec) {
    this.spec = spec;
    this.accepted =
        new Verdict.Accepted(
            new Session(
                spec.name(),
                Optional.of(spec.identity()).filter(identity -> !identity.isEmpty()),
                Set.of(),
                Map.of(),
                Optional.empty()));
  }

  @Override
  public String name() {
    return spec.name();
  }

  @Override
  public String type() {
    return "inline";
  }

  @Override
  public Verdict judge(String credentials) {
    return accepted;
  }

  @Override
  public Given now() {
    return new Given.Here(spec.credentials());
  }
}
