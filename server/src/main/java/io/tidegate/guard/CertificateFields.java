package io.tidegate.guard;

import io.tidegate.plan.Pattern;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.security.auth.x500.X500Principal;

/// The fields of a certificate by the names that configurations give them: `subject.dn`,
/// `subject.cn` (or any other part of the name), the same of `issuer`, `san.dns`, `san.uri`,
/// `san.email`, `san.ip`, and `serial`.
final class CertificateFields {
  private static final Map<String, Integer> ALTERNATIVES =
      Map.of("san.email", 1, "san.dns", 2, "san.uri", 6, "san.ip", 7);

  private final X509Certificate certificate;

  CertificateFields(X509Certificate certificate) {
    this.certificate = certificate;
  }

  /// Empty when the certificate has no such field.
  List<String> values(String field) {
    var name = field.toLowerCase(Locale.ROOT);
    if (ALTERNATIVES.containsKey(name)) {
      return alternatives(ALTERNATIVES.get(name));
    }
    if (name.startsWith("subject.")) {
      return part(certificate.getSubjectX500Principal(), name.substring("subject.".length()));
    }
    if (name.startsWith("issuer.")) {
      return part(certificate.getIssuerX500Principal(), name.substring("issuer.".length()));
    }
    return name.equals("serial") ? List.of(certificate.getSerialNumber().toString(16)) : List.of();
  }

  /// Each of these fields has a value that its pattern takes.
  boolean match(Map<String, Pattern> patterns) {
    return !patterns.isEmpty()
        && patterns.entrySet().stream()
            .allMatch(entry ->
                values(entry.getKey()).stream()
                    .anyMatch(value -> entry.getValue().match(value).isPresent()));
  }

  private static List<String> part(X500Principal name, String part) {
    if (part.equals("dn")) {
      return List.of(name.getName(X500Principal.RFC2253));
    }
    try {
      var parts = new LdapName(name.getName(X500Principal.RFC2253)).getRdns().reversed();
      return parts.stream()
          .filter(it -> it.getType().equalsIgnoreCase(part))
          .map(it -> String.valueOf(it.getValue()))
          .toList()
          .reversed();
    } catch (InvalidNameException unreadable) {
      return List.of();
    }
  }

  private List<String> alternatives(int kind) {
    try {
      var found = new ArrayList<String>();
      var all = certificate.getSubjectAlternativeNames();
      if (all != null) {
        for (var name : all) {
          if (name.getFirst().equals(kind) && name.get(1) instanceof String text) {
            found.add(text);
          }
        }
      }
      return found;
    } catch (CertificateParsingException unreadable) {
      return List.of();
    }
  }
}
