package io.tidegate.guard;

import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.guard.Checked.Denied;
import io.tidegate.guard.Checked.Reason;
import io.tidegate.guard.Checked.Verified;
import io.tidegate.http.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides whether a request was signed with one of an endpoint's secrets. The body must be as it
/// arrived. Any thread; never blocks; never throws, whatever a stranger sends.
///
///     scheme reads the claim → time within tolerance → each live secret, newest first → Checked
///
/// It is made once for a set of secrets and holds their keys ready.
public final class SignatureCheck {

  /// Older ones of more live secrets are not tried.
  public static final int MOST_SECRETS = 10;

  private final Scheme scheme;
  private final List<Keyed> secrets;
  private final Time time;

  private SignatureCheck(Scheme scheme, List<Keyed> secrets, Time time) {
    this.scheme = scheme;
    this.secrets = secrets;
    this.time = time;
  }

  /// @param newestFirst secrets that can be used, now or later; one that is empty or not of the
  ///   scheme's form makes the check refuse everything for as long as it is live (see `fault`)
  public static SignatureCheck of(Scheme scheme, List<SigningSecret> newestFirst, Time time) {
    var keyed = newestFirst.stream().map(secret -> Keyed.of(scheme, secret)).toList();
    return new SignatureCheck(scheme, keyed, time);
  }

  /// Why this text cannot be a secret of this scheme, if it cannot: a sentence without a subject,
  /// to be shown when it is set.
  public static Optional<String> fault(Scheme scheme, String secret) {
    return Optional.ofNullable(Keyed.of(scheme, secret).fault);
  }

  /// Checks a request whose sender knows it under the URL it arrived at.
  public Checked check(Request request) {
    return check(request, request.url());
  }

  /// @param url the full URL as the sender knows it, which behind a proxy is not the one it arrived
  ///   at
  public Checked check(Request request, String url) {
    var now = time.now();
    var live = live(now);
    if (live.isEmpty()) {
      return new Denied(Reason.MISCONFIGURED, "no secret is live");
    }
    for (var keyed : live) {
      if (keyed.fault != null) {
        return new Denied(Reason.MISCONFIGURED, "secret " + keyed.id + " " + keyed.fault);
      }
    }
    return firstVerified(claims(new Inbound(request, url, now)), live, request);
  }

  private static Checked firstVerified(
      List<SignatureClaim> claims, List<Keyed> live, Request request) {
    Checked first = null;
    for (var claim : claims) {
      var checked = judge(claim, live, request);
      if (checked instanceof Verified) {
        return checked;
      }
      first = first == null ? checked : first;
    }
    return first == null ? new Denied(Reason.MISSING, "nothing to check") : first;
  }

  private static Checked judge(SignatureClaim claim, List<Keyed> live, Request request) {
    return switch (claim) {
      case SignatureClaim.Flawed(var why) -> why;
      case SignatureClaim.Made(var proof, var deliveryId) -> {
        for (var keyed : live) {
          if (keyed.key != null && proof.by(keyed.key)) {
            yield new Verified(keyed.id, deliveryId.of(request));
          }
        }
        yield new Denied(Reason.MISMATCH, "made with none of the " + live.size() + " live secrets");
      }
    };
  }

  /// The tag by which an answer proves that we hold the secret: HMAC over `text`.
  ///
  /// @param secret id of the secret to use; empty for the newest
  Optional<Bytes> mac(String secret, String text) {
    return live(time.now()).stream()
        .filter(keyed -> secret.isEmpty() || keyed.id.equals(secret))
        .findFirst()
        .map(Keyed::key)
        .filter(SignatureKey.Hmac.class::isInstance)
        .map(key -> ((SignatureKey.Hmac) key).sign(List.of(Bytes.utf8(text))));
  }

  private List<SignatureClaim> claims(Inbound inbound) {
    return switch (scheme) {
      case SignatureScheme generic -> generic.claims(inbound);
      case StandardWebhooks standard -> standard.claims(inbound);
      case TwilioScheme _ -> TwilioScheme.claims(inbound);
      case Credential credential -> credential.claims(inbound);
    };
  }

  private List<Keyed> live(Instant now) {
    var live = new ArrayList<Keyed>(secrets.size());
    for (var keyed : secrets) {
      if (!now.isAfter(keyed.notAfter) && live.size() < MOST_SECRETS) {
        live.add(keyed);
      }
    }
    return live;
  }

  /// A secret decoded, or the reason why it could not be.
  private record Keyed(
      String id, Instant notAfter, @Nullable SignatureKey key, @Nullable String fault) {

    static Keyed of(Scheme scheme, SigningSecret secret) {
      var keyed = of(scheme, secret.secret().reveal());
      return new Keyed(secret.id(), secret.notAfter(), keyed.key, keyed.fault);
    }

    static Keyed of(Scheme scheme, String secret) {
      if (secret.isBlank()) {
        return new Keyed("", Instant.MAX, null, "is empty");
      }
      try {
        return new Keyed("", Instant.MAX, read(scheme, secret), null);
      } catch (IllegalArgumentException unusable) {
        return new Keyed("", Instant.MAX, null, unusable.getMessage());
      }
    }

    private static SignatureKey read(Scheme scheme, String secret) {
      return switch (scheme) {
        case SignatureScheme generic -> generic.key(secret);
        case StandardWebhooks _ -> StandardWebhooks.key(secret);
        case TwilioScheme _ -> TwilioScheme.key(secret);
        case Credential credential -> credential.key(secret);
      };
    }
  }
}
