package io.tidegate.inbox;

import io.tidegate.base.Time;
import io.tidegate.guard.Scheme;
import io.tidegate.guard.SignatureCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What an endpoint must be like before it is used: one set of rules for those of the file, of the
/// management API and of commands. Finds every fault at once.
public final class EndpointRules {
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
  private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9a-z-]+\\*?");
  private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]*");
  private static final long LARGEST_BODY = 32 << 20;
  private static final int FASTEST = 1_000_000;
  private static final Duration LONGEST_WINDOW = Duration.ofDays(7);
  private static final int MOST_NAMES = 32;

  private final Endpoint endpoint;
  private final List<String> faults = new ArrayList<>();

  private EndpointRules(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /// A sentence each, without secrets; none when all is well.
  public static List<String> faults(Endpoint endpoint) {
    var rules = new EndpointRules(endpoint);
    rules.check();
    return rules.faults;
  }

  /// True for names of Kafka's that are not the house's own.
  public static boolean isTopic(String name) {
    return TOPIC.matcher(name).matches()
        && !name.equals(".")
        && !name.equals("..")
        && !name.startsWith("tidegate.")
        && !name.startsWith("__");
  }

  /// True for names of headers, in lower case, or their beginnings with a `*`, that a record may
  /// carry.
  static boolean isForwardable(String name) {
    return HEADER.matcher(name).matches() && !ForwardedHeaders.isCredential(name);
  }

  private void check() {
    require(EndpointId.isLegal(endpoint.id()), "the id is not 32 lowercase hexadecimal digits");
    require(isTopic(endpoint.topic()), "the topic is none that can be written to");
    var scheme = read("verification", () -> Verifier.scheme(endpoint.verification()));
    secrets(scheme.orElse(null));
    if (faults.isEmpty()) {
      var verifier = Verifier.of(endpoint, Time.system());
      if (verifier.fault() != null) {
        faults.add("handshakes: " + verifier.fault());
      }
    }
    read("key", () -> KeyTemplate.of(endpoint.key()));
    names();
    answer();
    limits();
  }

  private void require(boolean isWell, String otherwise) {
    if (!isWell) {
      faults.add(otherwise);
    }
  }

  private <T> Optional<T> read(String what, java.util.function.Supplier<@Nullable T> reader) {
    try {
      return Optional.ofNullable(reader.get());
    } catch (IllegalArgumentException wrong) {
      faults.add(what + ": " + wrong.getMessage());
      return Optional.empty();
    }
  }

  private void secrets(@Nullable Scheme scheme) {
    var isChecked = !endpoint.verification().preset().equals(Verifier.NONE);
    require(
        !isChecked || !endpoint.secrets().isEmpty(),
        "verification '" + endpoint.verification().preset() + "' needs a secret");
    require(
        isChecked || endpoint.secrets().isEmpty(),
        "there is a secret, but verification 'none' does not use it");
    require(
        endpoint.secrets().size() <= SignatureCheck.MOST_SECRETS,
        "more than " + SignatureCheck.MOST_SECRETS + " secrets");
    if (scheme != null) {
      for (var secret : endpoint.secrets()) {
        SignatureCheck.fault(scheme, secret.secret().reveal())
            .ifPresent(fault -> faults.add("secret " + secret.id() + " " + fault));
      }
    }
  }

  private void names() {
    require(endpoint.forward().size() <= MOST_NAMES, "more than 32 headers to forward");
    for (var name : endpoint.forward()) {
      require(isForwardable(name), "header '" + name + "' cannot be forwarded");
    }
    require(endpoint.contentTypes().size() <= MOST_NAMES, "more than 32 content types");
  }

  private void answer() {
    var answer = endpoint.answer();
    var status = answer.status().orElse(200);
    require(status >= 200 && status < 300, "the status of the answer is not 200 to 299");
    require(
        PRINTABLE.matcher(answer.contentType()).matches(),
        "the content type of the answer is none");
    require(answer.body().length() <= 16 << 10, "the answer is longer than 16 KiB");
  }

  private void limits() {
    var limits = endpoint.limits();
    require(
        limits.body() > 0 && limits.body() <= LARGEST_BODY, "the body limit is not 1 to 32 MiB");
    var rate = limits.perSecond().orElse(1);
    require(rate > 0 && rate <= FASTEST, "the rate limit is not 1 to 1000000 a second");
    require(limits.burst() > 0 && limits.burst() <= FASTEST, "the burst is not 1 to 1000000");
    require(
        !limits.window().isNegative() && limits.window().compareTo(LONGEST_WINDOW) <= 0,
        "the window for duplicates is not 0 to 7 days");
  }
}
