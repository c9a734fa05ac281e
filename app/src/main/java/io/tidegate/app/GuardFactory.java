package io.tidegate.app;

import io.tidegate.guard.Guard;
import io.tidegate.guard.InlineGuard;
import io.tidegate.plan.GuardSpec;
import java.util.List;

/// Guards from their plans.
final class GuardFactory {
  private GuardFactory() {}

  static List<Guard> of(List<GuardSpec> specs) {
    return specs.stream().map(GuardFactory::guard).toList();
  }

  private static Guard guard(GuardSpec spec) {
    return switch (spec) {
      case GuardSpec.Inline inline -> new InlineGuard(inline);
    };
  }
}
