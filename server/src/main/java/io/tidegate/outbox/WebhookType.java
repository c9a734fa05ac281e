package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.http.Call;
import io.tidegate.http.Headers;
import io.tidegate.http.TargetUrl;
import io.tidegate.outbox.TypeSchema.Field;
import io.tidegate.outbox.TypeSchema.Input;
import io.tidegate.registry.Judgement.Fault;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Events as `POST` requests to a URL, signed in Outpost's way or as Standard Webhooks.
public final class WebhookType implements HttpType {
  static final String URL = "url";
  static final String HEADERS = "custom_headers";
  static final String SIGNATURE = "signature";
  static final String FORMAT = "format";
  static final String SOURCE = "cloudevents_source";
  static final String SECRET = "secret";
  static final String PREVIOUS = "previous_secret";
  static final String PREVIOUS_END = "previous_secret_invalid_at";

  private static final Set<String> CREDENTIALS = Set.of(SECRET, PREVIOUS, PREVIOUS_END);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int LONGEST_SECRET = 512;
  private static final int LAST_YEAR = 9998;
  private static final String ICON =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\" fill=\"none\""
          + " stroke=\"currentColor\"><path d=\"M2 8h9M8 4l4 4-4 4M14 3v10\"/></svg>";

  private static final TypeSchema SCHEMA =
      new TypeSchema(
          "webhook",
          "Webhook",
          "Send each event as an HTTP POST request to a URL",
          ICON,
          """
          Enter the URL that takes the events. Each request is signed with the destination's
          secret, which is shown once, when the destination is created or the secret is rotated.
          """,
          List.of(
              Field.text(URL, "URL", "The URL that events are posted to")
                  .needed()
                  .sized(8, 2048)
                  .like("^https?://[^\\s/?#@\\\\]+([/?#][^\\s]*)?$"),
              Field.of(
                  HEADERS,
                  Input.KEY_VALUE_MAP,
                  "Custom headers",
                  "Headers that every request carries besides its own. Values may hold places that are"
                      + " filled in from the event, such as ${data.user.id}"),
              Field.of(SIGNATURE, Input.SELECT, "Signature", "How requests to this URL are signed")
                  .oneOf(
                      Map.of(
                          "outpost",
                          "x-outpost-signature",
                          "standard-webhooks",
                          "Standard Webhooks")),
              Field.of(FORMAT, Input.SELECT, "Format", "What the requests hold")
                  .usually("data")
                  .oneOf(
                      Map.of(
                          "data",
                          "The event's data",
                          "cloudevents-binary",
                          "CloudEvents, binary",
                          "cloudevents-structured",
                          "CloudEvents, structured")),
              Field.text(
                      SOURCE,
                      "CloudEvents source",
                      "The attribute `source` of CloudEvents, a URI or a part of one")
                  .usually(CloudEvent.USUAL_SOURCE)
                  .sized(1, 512)
                  .like("^[\\x21-\\x7e]+$")),
          List.of());

  private final Signature usual;

  /// How requests are signed.
  public enum Signature {
    OUTPOST,
    STANDARD_WEBHOOKS;

    static Optional<Signature> of(String word) {
      return switch (word) {
        case "outpost" -> Optional.of(OUTPOST);
        case "standard-webhooks" -> Optional.of(STANDARD_WEBHOOKS);
        default -> Optional.empty();
      };
    }
  }

  /// @param usual for destinations that do not say
  public WebhookType(Signature usual) {
    this.usual = usual;
  }

  @Override
  public TypeSchema schema() {
    return SCHEMA;
  }

  @Override
  public boolean isSecret(String credential) {
    return credential.equals(SECRET) || credential.equals(PREVIOUS);
  }

  @Override
  public boolean isOperators(String credential) {
    return CREDENTIALS.contains(credential);
  }

  /// Headers may hold credentials for the receiver.
  @Override
  public boolean isSealed(String config) {
    return config.equals(HEADERS);
  }

  @Override
  public String masked(String config, String value) {
    return config.equals(HEADERS) ? CustomHeaders.masked(value) : value;
  }

  @Override
  public String unmasked(String config, String given, String present) {
    return config.equals(HEADERS) ? CustomHeaders.unmasked(given, present) : given;
  }

  @Override
  public List<String> hidden(Map<String, String> config) {
    return CustomHeaders.hidden(config.getOrDefault(HEADERS, ""));
  }

  Signature signature(Map<String, String> config) {
    return Signature.of(config.getOrDefault(SIGNATURE, "")).orElse(usual);
  }

  @Override
  public List<Fault> faults(Map<String, String> config, Map<String, String> credentials) {
    var faults = new ArrayList<>(SCHEMA.faults(config, Map.of()));
    var url = config.getOrDefault(URL, "");
    if (faults.isEmpty() && !isUrl(url)) {
      faults.add(new Fault("/config/url", "must be a URL with a host and without user info"));
    }
    CustomHeaders.read(config.getOrDefault(HEADERS, ""), "/config/custom_headers", faults);
    credentials.keySet().stream()
        .filter(name -> !CREDENTIALS.contains(name))
        .forEach(name -> faults.add(new Fault("/credentials/" + name, "no field has this name")));
    secretFaults(signature(config), credentials, faults);
    return faults;
  }

  /// Judged by the same reader as when it is sent to.
  private static boolean isUrl(String url) {
    try {
      return !TargetUrl.parse(url).host().isEmpty();
    } catch (TargetUrl.Unfit unfit) {
      return false;
    }
  }

  @Override
  public Call call(Map<String, String> config, Map<String, String> credentials, Outgoing outgoing) {
    var secrets = new ArrayList<String>();
    secrets.add(credentials.getOrDefault(SECRET, ""));
    moment(credentials.getOrDefault(PREVIOUS_END, ""))
        .filter(end -> end.isAfter(outgoing.now()))
        .ifPresent(_ -> secrets.add(credentials.getOrDefault(PREVIOUS, "")));
    var custom =
        TextTemplate.fill(
            CustomHeaders.read(config.getOrDefault(HEADERS, ""), "/config", new ArrayList<>()),
            outgoing::scope);
    var content = content(config, outgoing);
    var headers = WebhookCall.headers(signature(config), content, custom, secrets, outgoing);
    return new Call(
        "POST", target(config.getOrDefault(URL, ""), "its URL"), headers, content.body());
  }

  private static WebhookCall.Content content(Map<String, String> config, Outgoing outgoing) {
    var source = config.getOrDefault(SOURCE, "");
    return switch (config.getOrDefault(FORMAT, "")) {
      case "cloudevents-binary" -> CloudEvent.binary(source, outgoing);
      case "cloudevents-structured" -> CloudEvent.structured(source, outgoing);
      default -> WebhookCall.Content.plain(outgoing);
    };
  }

  static Call.Target target(String url, String what) {
    try {
      return TargetUrl.parse(url);
    } catch (TargetUrl.Unfit unfit) {
      throw new IllegalArgumentException(what + " cannot be used: " + unfit.why(), unfit);
    }
  }

  /// Whatever answers there will do: what it makes of events is not known before it gets one.
  @Override
  public Probe probe(Map<String, String> config, Map<String, String> credentials) {
    var target = target(config.getOrDefault(URL, ""), "its URL");
    return new Probe(new Call("HEAD", target, Headers.NONE, Bytes.EMPTY), _ -> true);
  }

  private static void secretFaults(
      Signature signature, Map<String, String> credentials, List<Fault> faults) {
    for (var name : List.of(SECRET, PREVIOUS)) {
      var secret = credentials.get(name);
      if (secret == null || secret.isEmpty()) {
        if (name.equals(SECRET)) {
          faults.add(new Fault("/credentials/secret", "is required"));
        }
      } else if (secret.length() > LONGEST_SECRET || secret.isBlank()) {
        faults.add(
            new Fault("/credentials/" + name, "must have 1 to " + LONGEST_SECRET + " characters"));
      } else if (signature == Signature.STANDARD_WEBHOOKS && !isStandard(secret)) {
        faults.add(
            new Fault(
                "/credentials/" + name,
                "must be whsec_ and 24 to 64 bytes in base64, as Standard Webhooks want it"));
      }
    }
    if (credentials.containsKey(PREVIOUS) != credentials.containsKey(PREVIOUS_END)) {
      var missing = credentials.containsKey(PREVIOUS) ? PREVIOUS_END : PREVIOUS;
      faults.add(new Fault("/credentials/" + missing, "is required with the other one"));
    }
    var end = credentials.get(PREVIOUS_END);
    if (end != null && moment(end).isEmpty()) {
      faults.add(new Fault("/credentials/" + PREVIOUS_END, "must be a time (RFC 3339)"));
    }
  }

  /// Asked for each request: what is not there costs no exception.
  static Optional<Instant> moment(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(java.time.OffsetDateTime.parse(text))
          .filter(time -> time.getYear() >= 0 && time.getYear() <= LAST_YEAR)
          .map(java.time.OffsetDateTime::toInstant);
    } catch (DateTimeParseException none) {
      return Optional.empty();
    }
  }

  private static boolean isStandard(String secret) {
    try {
      var size = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", "")).length;
      return secret.startsWith("whsec_") && size >= 24 && size <= 64;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  @Override
  public Map<String, Secret> fresh() {
    var bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Map.of(SECRET, new Secret("whsec_" + Base64.getEncoder().encodeToString(bytes)));
  }

  @Override
  public Optional<String> rotating() {
    return Optional.of(SECRET);
  }

  @Override
  public Target target(Map<String, String> config) {
    return new Target(config.getOrDefault(URL, ""), "");
  }
}
