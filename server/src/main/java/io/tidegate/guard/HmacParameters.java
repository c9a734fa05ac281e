package io.tidegate.guard;

import io.tidegate.guard.SignedAt.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Reads the generic preset from words, as configuration files and the management API have them.
/// Finds every fault at once.
final class HmacParameters {
  private static final List<String> NAMES =
      List.of(
          "algorithm",
          "header",
          "prefix",
          "encoding",
          "secret_encoding",
          "signed_content",
          "timestamp",
          "timestamp_unit",
          "tolerance_seconds",
          "multi_separator",
          "multi_key",
          "id_header",
          "id_pointer");

  private final Map<String, String> given;
  private final List<String> faults = new ArrayList<>();

  private HmacParameters(Map<String, String> given) {
    this.given = given;
  }

  /// @throws IllegalArgumentException with all faults in one text
  static SignatureScheme read(Map<String, String> parameters) {
    var reading = new HmacParameters(parameters);
    var builder = reading.builder();
    reading.throwIfFaulty();
    return builder.build();
  }

  private SignatureSchemeBuilder builder() {
    var unknown = new TreeSet<>(given.keySet());
    NAMES.forEach(unknown::remove);
    unknown.forEach(name -> faults.add("no parameter is named " + name + "; there are " + NAMES));
    if (given.getOrDefault("header", "").isBlank()) {
      faults.add("header: the name of the signature header is required");
    }
    var scheme = SignatureScheme.in(given.getOrDefault("header", "-"));
    read("algorithm", word -> scheme.algorithm(algorithm(word)));
    read("prefix", scheme::prefix);
    read("encoding", word -> scheme.encoding(oneOf(word, Encoding.values())));
    read("secret_encoding", word -> scheme.secretEncoding(oneOf(word, Encoding.values())));
    read("signed_content", scheme::content);
    read("timestamp", word -> scheme.timestamp(timestamp(word)));
    read("tolerance_seconds", word -> scheme.tolerance(tolerance(word)));
    readList(scheme);
    read("id_header", scheme::idHeader);
    read("id_pointer", scheme::idField);
    return scheme;
  }

  private void readList(SignatureSchemeBuilder scheme) {
    var key = given.getOrDefault("multi_key", "");
    var separator = Optional.ofNullable(given.get("multi_separator"));
    if (separator.isPresent() || !key.isEmpty()) {
      scheme.list(separator.filter(text -> !text.isEmpty()).orElse(","), key);
    }
  }

  private void read(String name, Consumer<String> use) {
    var word = given.get(name);
    if (word != null) {
      try {
        use.accept(word);
      } catch (IllegalArgumentException fault) {
        faults.add(name + ": " + fault.getMessage());
      }
    }
  }

  private void throwIfFaulty() {
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
  }

  private static SignatureAlgorithm algorithm(String word) {
    return SignatureAlgorithm.of(word)
        .orElseThrow(
            () -> new IllegalArgumentException("sha1, sha256, sha384 or sha512 was expected"));
  }

  private SignedAt timestamp(String text) {
    var unit = unit(given.getOrDefault("timestamp_unit", "s"));
    var colon = text.indexOf(':');
    var rest = text.substring(colon + 1);
    return switch (colon < 0 ? "" : text.substring(0, colon)) {
      case "header" -> new SignedAt.InHeader(rest, unit);
      case "key" -> new SignedAt.InSignature(rest, unit);
      case "json" -> new SignedAt.InBody(rest, unit);
      default ->
          throw new IllegalArgumentException(
              "header:<name>, key:<key in the signature header> or json:<pointer> was expected");
    };
  }

  private static Unit unit(String word) {
    return switch (word) {
      case "s" -> Unit.SECONDS;
      case "ms" -> Unit.MILLIS;
      case "iso" -> Unit.ISO;
      default -> throw new IllegalArgumentException("timestamp_unit: s, ms or iso was expected");
    };
  }

  static Duration tolerance(String seconds) {
    try {
      return Scheme.tolerable(Duration.ofSeconds(Long.parseLong(seconds)));
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException("a number of seconds was expected", notANumber);
    }
  }

  private static Encoding oneOf(String word, Encoding[] encodings) {
    var words = new ArrayList<String>();
    for (var encoding : encodings) {
      var name = encoding.name().toLowerCase(Locale.ROOT);
      if (name.equals(word)) {
        return encoding;
      }
      words.add(name);
    }
    throw new IllegalArgumentException("one of " + words + " was expected");
  }
}
