package io.tidegate.inbox;

import io.tidegate.base.Time;
import io.tidegate.guard.Checked;
import io.tidegate.guard.Credential;
import io.tidegate.guard.Handshake;
import io.tidegate.guard.Handshakes;
import io.tidegate.guard.Scheme;
import io.tidegate.guard.SignatureCheck;
import io.tidegate.guard.SignaturePresets;
import io.tidegate.http.Request;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How the sender of one endpoint is told from others, with its keys held ready.
///
/// @param check null when nothing is checked
/// @param credential the header that is itself the proof, if that is how it works
/// @param fault why nobody can pass: the endpoint is not as it should be
record Verifier(
    @Nullable SignatureCheck check,
    String credential,
    List<Handshake> handshakes,
    @Nullable String fault) {
  /// The preset of an endpoint whose URL is all there is.
  static final String NONE = "none";

  static Verifier of(Endpoint endpoint, Time time) {
    try {
      return ready(endpoint, time);
    } catch (IllegalArgumentException wrong) {
      return new Verifier(null, "", List.of(), String.valueOf(wrong.getMessage()));
    }
  }

  private static Verifier ready(Endpoint endpoint, Time time) {
    var scheme = scheme(endpoint.verification());
    var check = scheme == null ? null : SignatureCheck.of(scheme, endpoint.secrets(), time);
    return new Verifier(
        check,
        scheme instanceof Credential credential ? credential.header() : "",
        endpoint.handshakes().stream()
            .map(each -> Handshakes.of(each.name(), each.parameters(), check))
            .toList(),
        null);
  }

  /// @throws IllegalArgumentException when there is no such preset, or a parameter is wrong
  static @Nullable Scheme scheme(Endpoint.Verification verification) {
    if (verification.preset().equals(NONE)) {
      if (!verification.parameters().isEmpty() || verification.tolerance().isPresent()) {
        throw new IllegalArgumentException("verification 'none' has no parameters");
      }
      return null;
    }
    var scheme = SignaturePresets.of(verification.preset(), verification.parameters());
    return verification.tolerance().isPresent()
        ? scheme.within(verification.tolerance().get())
        : scheme;
  }

  /// Empty when there is nothing to check.
  Optional<Checked> check(Request request, String url) {
    if (fault != null) {
      return Optional.of(new Checked.Denied(Checked.Reason.MISCONFIGURED, fault));
    }
    return check == null ? Optional.empty() : Optional.of(check.check(request, url));
  }
}
