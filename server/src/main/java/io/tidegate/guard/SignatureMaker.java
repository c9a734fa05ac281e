package io.tidegate.guard;

import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.guard.SignedAt.Unit;
import io.tidegate.http.Headers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Signs what leaves, with all live secrets at once, so that receivers can change over in their own
/// time. Any thread; never blocks.
///
/// Standard Webhooks signs with `v1` for each symmetric secret and `v1a` for each private key. The
/// generic scheme writes as many signatures as its header has room for; credentials send the newest
/// secret.
public final class SignatureMaker {

  /// What is to be sent.
  ///
  /// @param id the same on every attempt
  /// @param at the time of this attempt
  /// @param headers those that the signed content may name
  public record Outgoing(
      String id, Instant at, String method, String url, Headers headers, Bytes body) {}

  private final Scheme scheme;
  private final List<SignatureKey> keys;
  private final String newest;

  private SignatureMaker(Scheme scheme, List<SignatureKey> keys, String newest) {
    this.scheme = scheme;
    this.keys = keys;
    this.newest = newest;
  }

  /// @throws IllegalArgumentException when the scheme is one that only a vendor signs with, or a
  ///   secret is not of its form; the text names the secret by its place, not by its content
  public static SignatureMaker of(Scheme scheme, List<Secret> newestFirst) {
    if (newestFirst.isEmpty()) {
      throw new IllegalArgumentException("a secret to sign with was expected");
    }
    var keys = new ArrayList<SignatureKey>();
    for (var secret : newestFirst) {
      if (keys.size() < SignatureCheck.MOST_SECRETS) {
        try {
          keys.add(key(scheme, secret.reveal()));
        } catch (IllegalArgumentException unusable) {
          throw new IllegalArgumentException(
              "secret " + (keys.size() + 1) + " " + unusable.getMessage(), unusable);
        }
      }
    }
    return new SignatureMaker(scheme, List.copyOf(keys), newestFirst.getFirst().reveal());
  }

  private static SignatureKey key(Scheme scheme, String secret) {
    if (secret.isBlank()) {
      throw new IllegalArgumentException("is empty");
    }
    var key =
        switch (scheme) {
          case SignatureScheme generic -> generic.key(secret);
          case StandardWebhooks _ -> StandardWebhooks.signingKey(secret);
          case Credential credential -> credential.key(secret);
          case TwilioScheme _ -> TwilioScheme.key(secret);
        };
    return switch (key) {
      case SignatureKey.Hmac _, SignatureKey.Ed25519Private _, SignatureKey.Shared _ -> key;
      case SignatureKey.Ed25519 _, SignatureKey.Ecdsa _ ->
          throw new IllegalArgumentException("is a public key, which cannot sign");
    };
  }

  /// The headers to add.
  ///
  /// @throws IllegalArgumentException when the signed content names a header that is not there
  public Headers sign(Outgoing message) {
    return switch (scheme) {
      case SignatureScheme generic -> generic(generic, message);
      case StandardWebhooks standard -> standard(standard, message);
      case Credential credential -> Headers.of(credential.header(), credential.value(newest));
      case TwilioScheme _ -> throw new IllegalArgumentException("only Twilio signs so");
    };
  }

  private Headers standard(StandardWebhooks standard, Outgoing message) {
    var timestamp = Unit.SECONDS.write(message.at);
    var content = StandardWebhooks.content(message.id, timestamp, message.body);
    var entries = keys.stream().flatMap(key -> StandardWebhooks.entry(key, content).stream());
    return Headers.of(
        standard.idHeader(),
        message.id,
        standard.timestampHeader(),
        timestamp,
        standard.signatureHeader(),
        String.join(" ", entries.toList()));
  }

  private Headers generic(SignatureScheme generic, Outgoing message) {
    var stamp = new Stamp(generic.signedAt(), message.at);
    var added = new ArrayList<Headers.Field>();
    if (generic.deliveryId() instanceof DeliveryId.InHeader(var names)) {
      added.add(new Headers.Field(names.getFirst(), message.id));
    }
    if (generic.signedAt() instanceof SignedAt.InHeader(var name, var _)) {
      added.add(new Headers.Field(name, stamp.text()));
    }
    var others =
        message.headers.without(name -> added.stream().anyMatch(f -> f.name().equals(name)));
    var values =
        new SignedContent.Values(
            stamp.text(),
            message.id,
            message.method,
            message.url,
            others.withAll(Headers.of(added)),
            message.body);
    var content =
        generic
            .content()
            .fill(values)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "a header of the signed content is not there exactly once"));
    var signatures = keys.stream().map(key -> written(generic, key, content)).toList();
    added.add(new Headers.Field(generic.header(), generic.write(stamp.text(), signatures)));
    return Headers.of(added);
  }

  private static String written(SignatureScheme generic, SignatureKey key, List<Bytes> content) {
    return key instanceof SignatureKey.Hmac hmac
        ? generic.encoding().encode(hmac.sign(content).array())
        : "";
  }

  private record Stamp(SignedAt where, Instant at) {
    String text() {
      return switch (where) {
        case SignedAt.Nowhere() -> "";
        case SignedAt.InHeader(var _, var unit) -> unit.write(at);
        case SignedAt.InSignature(var _, var unit) -> unit.write(at);
        case SignedAt.InBody(var _, var unit) -> unit.write(at);
      };
    }
  }
}
