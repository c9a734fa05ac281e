package io.tidegate.targets;

import io.tidegate.base.AddressRules;
import io.tidegate.delivery.Attempt;
import io.tidegate.http.Client;
import io.tidegate.outbox.ConnectedType;
import io.tidegate.outbox.Outgoing;
import io.tidegate.outbox.Undelivered;
import io.tidegate.outbox.Ways;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// Attempts over one connection of a type, as tests make them.
final class Lines {
  private static final Client.Limits LIMITS =
      new Client.Limits(
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          1024);

  private Lines() {}

  static Ways ways(String... allowed) {
    return new Ways(AddressRules.of(List.of(allowed), List.of()), Optional.empty(), LIMITS);
  }

  static Ways ways(SSLContext tls, String... allowed) {
    Supplier<SSLContext> given = () -> tls;
    return new Ways(AddressRules.of(List.of(allowed), List.of()), Optional.of(given), LIMITS);
  }

  /// `delivered`, or the word and the sentence.
  static String attempt(
      ConnectedType type,
      Map<String, String> config,
      Map<String, String> credentials,
      Ways ways,
      Outgoing outgoing)
      throws InterruptedException {
    try (var line = type.open(config, credentials, ways)) {
      line.deliver(config, outgoing, LIMITS.total());
      return "delivered";
    } catch (Undelivered no) {
      return no.word() + ": " + no.sentence();
    }
  }

  /// What is to become of the event.
  static Attempt.Kind kind(
      ConnectedType type, Map<String, String> config, Ways ways, Outgoing outgoing)
      throws InterruptedException {
    try (var line = type.open(config, Map.of(), ways)) {
      line.deliver(config, outgoing, LIMITS.total());
      return Attempt.Kind.DELIVERED;
    } catch (Undelivered no) {
      return no.kind();
    }
  }

  static String check(
      ConnectedType type, Map<String, String> config, Map<String, String> credentials, Ways ways)
      throws InterruptedException {
    try (var line = type.open(config, credentials, ways)) {
      line.check(config, LIMITS.total());
      return "fine";
    } catch (Undelivered no) {
      return no.word() + ": " + no.sentence();
    }
  }
}
