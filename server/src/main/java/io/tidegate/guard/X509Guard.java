package io.tidegate.guard;

import io.tidegate.base.Time;
import io.tidegate.http.Session;
import io.tidegate.plan.GuardSpec;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A session from a caller's certificate: identity, attributes and roles by its fields, good until
/// the certificate is not.
///
/// Immutable; any thread.
public final class X509Guard implements CertificateGuard {
  private final GuardSpec.X509 spec;
  private final Time time;

  public X509Guard(GuardSpec.X509 spec, Time time) {
    this.spec = spec;
    this.time = time;
  }

  @Override
  public String name() {
    return spec.name();
  }

  @Override
  public String type() {
    return "x509";
  }

  /// What a request says of itself proves nothing.
  @Override
  public Verdict judge(String credentials) {
    return new Verdict.Rejected("a certificate counts only when TLS was set up with it");
  }

  @Override
  public Verdict judge(List<X509Certificate> chain) {
    var certificate = chain.getFirst();
    var until = certificate.getNotAfter().toInstant();
    if (!time.now().isBefore(until)) {
      return new Verdict.Rejected("the certificate has expired");
    }
    var fields = new CertificateFields(certificate);
    var attributes = new HashMap<String, String>();
    spec.attributes()
        .forEach((name, field) ->
            fields.values(field).stream()
                .findFirst()
                .ifPresent(value -> attributes.put(name, value)));
    var roles = new HashSet<String>();
    spec.roles()
        .forEach((role, alternatives) -> {
          if (alternatives.stream().anyMatch(fields::match)) {
            roles.add(role);
          }
        });
    var identity = fields.values(spec.identity()).stream().findFirst();
    return new Verdict.Accepted(
        new Session(spec.name(), identity, roles, Map.copyOf(attributes), Optional.of(until)));
  }
}
