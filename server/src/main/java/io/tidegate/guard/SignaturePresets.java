package io.tidegate.guard;

import static io.tidegate.guard.SignatureAlgorithm.ECDSA_P256;
import static io.tidegate.guard.SignatureAlgorithm.HMAC_SHA1;
import static io.tidegate.guard.SignedAt.Unit.MILLIS;
import static io.tidegate.guard.SignedAt.Unit.SECONDS;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The senders known by name. Each line reads like the sender's documentation; where it says
/// nothing, it is HMAC-SHA256 over the body, in hex.
public final class SignaturePresets {
  /// The preset of which everything can be set.
  public static final String GENERIC = "hmac";

  private static final SortedMap<String, Scheme> BY_NAME = byName();

  private SignaturePresets() {}

  private static SortedMap<String, Scheme> byName() {
    var all = new TreeMap<String, Scheme>();
    for (var name : List.of("standard-webhooks", "gitlab-signing", "openai", "replicate")) {
      all.put(name, StandardWebhooks.webhook());
    }
    for (var name : List.of("svix", "clerk", "resend")) {
      all.put(name, StandardWebhooks.svix());
    }
    all.put("twilio", new TwilioScheme());
    all.put("basic", Credential.basic());
    all.put("bearer", Credential.bearer());
    all.put("api-key", Credential.apiKey("x-api-key"));
    all.put(
        "gitlab",
        new Credential(
            "x-gitlab-token",
            Credential.Form.PLAIN,
            DeliveryId.header("idempotency-key", "x-gitlab-event-uuid")));
    bodySigners(all);
    timestampSigners(all);
    return Collections.unmodifiableSortedMap(all);
  }

  /// They sign the body, or the URL and the body; a replay is told by the delivery's id.
  private static void bodySigners(Map<String, Scheme> all) {
    put(
        all,
        "github",
        SignatureScheme.in("x-hub-signature-256").prefix("sha256=").idHeader("x-github-delivery"));
    put(
        all,
        "github-sha1",
        SignatureScheme.in("x-hub-signature")
            .algorithm(HMAC_SHA1)
            .prefix("sha1=")
            .idHeader("x-github-delivery"));
    put(all, "meta", SignatureScheme.in("x-hub-signature-256").prefix("sha256="));
    put(
        all,
        "shopify",
        SignatureScheme.in("x-shopify-hmac-sha256")
            .encoding(Encoding.BASE64)
            .idHeader("x-shopify-webhook-id"));
    put(
        all,
        "woocommerce",
        SignatureScheme.in("x-wc-webhook-signature")
            .encoding(Encoding.BASE64)
            .idHeader("x-wc-webhook-delivery-id"));
    put(
        all,
        "square",
        SignatureScheme.in("x-square-hmacsha256-signature")
            .encoding(Encoding.BASE64)
            .content("{url}{body}")
            .idField("/event_id"));
    put(
        all,
        "x",
        SignatureScheme.in("x-twitter-webhooks-signature")
            .prefix("sha256=")
            .encoding(Encoding.BASE64));
    put(
        all,
        "vercel",
        SignatureScheme.in("x-vercel-signature").algorithm(HMAC_SHA1).idField("/id"));
    put(all, "hookdeck", SignatureScheme.in("x-hookdeck-signature").encoding(Encoding.BASE64));
    put(all, "convoy", SignatureScheme.in("x-convoy-signature"));
    put(
        all,
        "outpost",
        SignatureScheme.in("x-outpost-signature")
            .prefix("v0=")
            .list(",", "")
            .idHeader("x-outpost-event-id"));
  }

  /// They sign a time with the body, so that a replay comes too late.
  private static void timestampSigners(Map<String, Scheme> all) {
    put(
        all,
        "stripe",
        SignatureScheme.in("stripe-signature")
            .list(",", "v1")
            .timestampKey("t", SECONDS)
            .content("{timestamp}.{body}")
            .idField("/id"));
    put(
        all,
        "slack",
        SignatureScheme.in("x-slack-signature")
            .prefix("v0=")
            .timestampHeader("x-slack-request-timestamp", SECONDS)
            .content("v0:{timestamp}:{body}")
            .idField("/event_id"));
    put(
        all,
        "zoom",
        SignatureScheme.in("x-zm-signature")
            .prefix("v0=")
            .timestampHeader("x-zm-request-timestamp", SECONDS)
            .content("v0:{timestamp}:{body}"));
    put(
        all,
        "paddle",
        SignatureScheme.in("paddle-signature")
            .list(";", "h1")
            .timestampKey("ts", SECONDS)
            .content("{timestamp}:{body}")
            .idField("/event_id"));
    put(
        all,
        "linear",
        SignatureScheme.in("linear-signature")
            .timestampField("/webhookTimestamp", MILLIS)
            .tolerance(Duration.ofMinutes(1))
            .idHeader("linear-delivery"));
    put(
        all,
        "sendgrid",
        SignatureScheme.in("x-twilio-email-event-webhook-signature")
            .algorithm(ECDSA_P256)
            .encoding(Encoding.BASE64)
            .timestampHeader("x-twilio-email-event-webhook-timestamp", SECONDS)
            .content("{timestamp}{body}"));
    put(
        all,
        "convoy-advanced",
        SignatureScheme.in("x-convoy-signature")
            .list(",", "v1")
            .timestampKey("t", SECONDS)
            .content("{timestamp},{body}"));
  }

  private static void put(Map<String, Scheme> all, String name, SignatureSchemeBuilder scheme) {
    all.put(name, scheme.build());
  }

  /// The preset as its sender documents it.
  public static Optional<Scheme> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /// A preset with what may be set of it: `tolerance_seconds` where a time is signed, `header` of
  /// `api-key`; or `hmac`, the generic one, with all its parameters.
  ///
  /// @throws IllegalArgumentException with every fault in one text
  public static Scheme of(String name, Map<String, String> parameters) {
    if (name.equals(GENERIC)) {
      return HmacParameters.read(parameters);
    }
    var scheme =
        named(name)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "no preset is named %s; there are %s and %s"
                        .formatted(name, GENERIC, BY_NAME.keySet())));
    for (var parameter : parameters.entrySet()) {
      scheme = with(scheme, parameter.getKey(), parameter.getValue());
    }
    return scheme;
  }

  private static Scheme with(Scheme scheme, String parameter, String value) {
    if (parameter.equals("tolerance_seconds")) {
      return scheme.within(HmacParameters.tolerance(value));
    }
    if (parameter.equals("header") && scheme.equals(BY_NAME.get("api-key"))) {
      return Credential.apiKey(value);
    }
    throw new IllegalArgumentException("this preset has no parameter " + parameter);
  }

  /// All names but `hmac`, in order.
  public static Set<String> names() {
    return BY_NAME.keySet();
  }
}
