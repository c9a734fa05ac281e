package io.tidegate.guard;

import io.tidegate.base.Secret;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The handshakes by name, as configuration files and the management API have them.
public final class Handshakes {
  private static final Map<String, Set<String>> PARAMETERS =
      Map.ofEntries(
          Map.entry("slack", Set.of()),
          Map.entry("meta", Set.of("verify_token")),
          Map.entry("microsoft-graph", Set.of()),
          Map.entry("cloudevents", Set.of("origins", "rate")),
          Map.entry("event-grid", Set.of()),
          Map.entry("okta", Set.of()),
          Map.entry("zoom", Set.of()),
          Map.entry("x", Set.of()),
          Map.entry("dropbox", Set.of()),
          Map.entry("sns", Set.of("topics")));

  private Handshakes() {}

  /// All names, in order.
  public static List<String> names() {
    return PARAMETERS.keySet().stream().sorted().toList();
  }

  /// @param parameters `verify_token` of `meta`; `origins`, separated by commas, and `rate` a
  ///   minute of `cloudevents`; `topics` of `sns`
  /// @param check that of the endpoint; null when it checks nothing, which `slack`, `zoom` and `x`
  ///   cannot do with
  /// @throws IllegalArgumentException when there is no such handshake or a parameter is wrong
  public static Handshake of(
      String name, Map<String, String> parameters, @Nullable SignatureCheck check) {
    requireKnown(name, parameters);
    return switch (name) {
      case "slack" -> new Handshake.Slack(required(name, check));
      case "zoom" -> new Handshake.Zoom(required(name, check));
      case "x" -> new Handshake.X(required(name, check));
      case "meta" -> new Handshake.Meta(new Secret(required(parameters, "verify_token")));
      case "cloudevents" ->
          new Handshake.CloudEvents(words(required(parameters, "origins")), rate(parameters));
      case "sns" -> new Handshake.Sns(words(parameters.getOrDefault("topics", "")));
      case "microsoft-graph" -> new Handshake.MicrosoftGraph();
      case "event-grid" -> new Handshake.EventGrid();
      case "okta" -> new Handshake.Okta();
      default -> new Handshake.Dropbox();
    };
  }

  private static void requireKnown(String name, Map<String, String> parameters) {
    var known = PARAMETERS.get(name);
    if (known == null) {
      throw new IllegalArgumentException(
          "no handshake is named " + name + "; there are " + names());
    }
    for (var parameter : parameters.keySet()) {
      if (!known.contains(parameter)) {
        throw new IllegalArgumentException(
            "handshake %s has no parameter %s".formatted(name, parameter));
      }
    }
  }

  private static SignatureCheck required(String name, @Nullable SignatureCheck check) {
    if (check == null) {
      throw new IllegalArgumentException(
          "handshake " + name + " needs an endpoint that checks signatures");
    }
    return check;
  }

  private static String required(Map<String, String> parameters, String name) {
    var value = parameters.getOrDefault(name, "");
    if (value.isBlank()) {
      throw new IllegalArgumentException(name + " is required");
    }
    return value;
  }

  private static OptionalInt rate(Map<String, String> parameters) {
    var text = parameters.getOrDefault("rate", "*");
    if (text.equals("*")) {
      return OptionalInt.empty();
    }
    try {
      var rate = Integer.parseInt(text);
      if (rate > 0) {
        return OptionalInt.of(rate);
      }
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException("rate: a number of events a minute or *", notANumber);
    }
    throw new IllegalArgumentException("rate: a number of events a minute or *");
  }

  private static Set<String> words(String list) {
    return Arrays.stream(list.split(",", -1))
        .map(String::trim)
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}
