package io.tidegate.delivery;

import io.tidegate.base.Secret;
import io.tidegate.guard.SignatureMaker;
import io.tidegate.guard.SignaturePresets;
import io.tidegate.guard.SignatureScheme;
import io.tidegate.guard.SignedAt;
import io.tidegate.plan.Pump;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The signing rules of the configuration, in order: the first whose pattern matches the URL signs.
///
/// What they may say is for the planner to ask beforehand: `faults`.
public final class SigningRules {
  /// Schemes with which Tidegate signs; what other senders invented for themselves is theirs.
  public static final Set<String> PRESETS =
      Set.of("standard-webhooks", "svix", SignaturePresets.GENERIC);

  private final List<SigningRule> rules;

  private SigningRules(List<SigningRule> rules) {
    this.rules = rules;
  }

  /// One rule: what it is for, and who signs.
  record SigningRule(UrlPattern url, SignatureMaker maker) {}

  /// @throws IllegalArgumentException when one of them has a fault
  static SigningRules of(List<Pump.Rule> rules) {
    return new SigningRules(rules.stream().map(SigningRules::ready).toList());
  }

  private static SigningRule ready(Pump.Rule rule) {
    return new SigningRule(
        UrlPattern.of(rule.url().toString()),
        maker(rule.preset(), rule.parameters(), rule.secrets()));
  }

  Optional<SigningRule> find(String url) {
    return rules.stream().filter(rule -> rule.url.matches(url)).findFirst();
  }

  /// What is wrong with a rule, a sentence each, without any part of a secret; empty when it can
  /// sign.
  public static List<String> faults(Pump.Rule rule) {
    var faults = new ArrayList<String>();
    try {
      UrlPattern.of(rule.url().toString());
    } catch (IllegalArgumentException notAPattern) {
      faults.add("when: " + notAPattern.getMessage());
    }
    try {
      maker(rule.preset(), rule.parameters(), rule.secrets());
    } catch (IllegalArgumentException unusable) {
      faults.add(unusable.getMessage());
    }
    return faults;
  }

  /// @throws IllegalArgumentException with a sentence that says why these cannot sign
  static SignatureMaker maker(
      String preset, Map<String, String> parameters, List<Secret> newestFirst) {
    if (!PRESETS.contains(preset)) {
      throw new IllegalArgumentException(
          "preset: " + String.join(", ", PRESETS.stream().sorted().toList()) + " was expected");
    }
    var scheme = SignaturePresets.of(preset, parameters);
    if (scheme instanceof SignatureScheme generic) {
      requireThatWeCan(generic, newestFirst.size());
    }
    return SignatureMaker.of(scheme, newestFirst);
  }

  private static void requireThatWeCan(SignatureScheme generic, int secrets) {
    if (generic.signedAt() instanceof SignedAt.InBody) {
      throw new IllegalArgumentException(
          "timestamp: a body is sent as it is, so its time cannot be signed; use header:<name>");
    }
    if (secrets > 1 && generic.list().separator().isEmpty()) {
      throw new IllegalArgumentException(
          "secrets: the header has room for one signature; give multi_separator, or one secret");
    }
    if (!RecordHeaders.isName(generic.header())) {
      throw new IllegalArgumentException("header: the name of a header was expected");
    }
  }
}
