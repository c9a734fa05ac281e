package io.tidegate.app;

import io.tidegate.guard.SignatureMaker;
import io.tidegate.guard.SignaturePresets;
import io.tidegate.plan.Pump;
import java.util.List;

/// Judges the rules by which a configuration signs what it sends.
final class SigningRules {
  private SigningRules() {}

  static List<String> faults(Pump.Rule rule) {
    try {
      var _ =
          SignatureMaker.of(SignaturePresets.of(rule.preset(), rule.parameters()), rule.secrets());
      return List.of();
    } catch (IllegalArgumentException unusable) {
      return List.of(String.valueOf(unusable.getMessage()));
    }
  }
}
