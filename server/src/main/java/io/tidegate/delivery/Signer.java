package io.tidegate.delivery;

import io.tidegate.base.Time;
import io.tidegate.delivery.SigningRules.SigningRule;
import io.tidegate.guard.SignatureMaker.Outgoing;
import io.tidegate.http.Call;
import io.tidegate.http.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Signs requests: by the first rule of the configuration that matches the URL, else by the rule of
/// the topic that says most about it, else not at all. Waits, bounded, until the topic is read.
///
/// The id that is signed is the record's header `webhook-id` (or `svix-id`), else the idempotency
/// key; one that Standard Webhooks does not allow (with a dot, with spaces, or longer than 256
/// characters) is replaced by its SHA-256 in hex, which is as stable.
final class Signer {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int LONGEST_ID = 256;

  private final SigningRules rules;
  private final @Nullable SigningTopic topic;
  private final Time time;

  Signer(SigningRules rules, @Nullable SigningTopic topic, Time time) {
    this.rules = rules;
    this.topic = topic;
    this.time = time;
  }

  /// What came of it.
  sealed interface Signed {
    record Ready(Call call) implements Signed {}

    /// It may work later.
    record NotNow(String why) implements Signed {}

    /// The rule asks for what this request does not have.
    record Never(String why) implements Signed {}
  }

  Signed sign(Call call, String id) {
    var url = call.target().url();
    var rule = rules.find(url);
    if (rule.isPresent()) {
      return signed(call, id, rule.get());
    }
    if (topic == null) {
      return new Signed.Ready(call);
    }
    return switch (topic.find(url, LIMIT)) {
      case SigningTopic.Found.Rule(var found) -> signed(call, id, found);
      case SigningTopic.Found.Nothing() -> new Signed.Ready(call);
      case SigningTopic.Found.NotNow(var why) -> new Signed.NotNow(why);
    };
  }

  private Signed signed(Call call, String id, SigningRule rule) {
    var fields = call.headers();
    var message =
        new Outgoing(
            signedId(fields, id),
            time.now(),
            call.method(),
            call.target().url(),
            fields,
            call.body());
    try {
      var added = rule.maker().sign(message);
      var names = added.fields().stream().map(Headers.Field::name).collect(Collectors.toSet());
      var all = fields.without(names::contains).withAll(added);
      return new Signed.Ready(new Call(call.method(), call.target(), all, call.body()));
    } catch (IllegalArgumentException missing) {
      return new Signed.Never(String.valueOf(missing.getMessage()));
    }
  }

  private static String signedId(Headers fields, String id) {
    var chosen =
        Stream.of("webhook-id", "svix-id")
            .flatMap(name -> fields.first(name).stream())
            .filter(text -> !text.isEmpty())
            .findFirst()
            .orElse(id);
    return isAllowed(chosen) ? chosen : hash(chosen);
  }

  private static boolean isAllowed(String id) {
    return id.length() <= LONGEST_ID && id.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '.');
  }

  private static String hash(String id) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(id.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  /// Empty when all is well, else what is wrong.
  Optional<String> check() {
    return topic == null ? Optional.empty() : topic.check();
  }
}
