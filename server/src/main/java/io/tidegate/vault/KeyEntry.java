package io.tidegate.vault;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/// A private key with the certificates that speak for it, the owner's first.
record KeyEntry(String alias, PrivateKey key, List<X509Certificate> chain) {
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  KeyEntry {
    chain = List.copyOf(chain);
  }

  X509Certificate certificate() {
    return chain.getFirst();
  }

  /// What the key signs, the certificate vouches for.
  boolean fits() throws GeneralSecurityException {
    var algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "DSA" -> "SHA256withDSA";
          default -> key.getAlgorithm();
        };
    if (algorithm.equals("RSASSA-PSS")) {
      return certificate().getPublicKey().getAlgorithm().startsWith("RSA");
    }
    var sample = new byte[] {1, 2, 3, 4};
    var signer = Signature.getInstance(algorithm);
    signer.initSign(key);
    signer.update(sample);
    var signature = signer.sign();
    try {
      var checker = Signature.getInstance(algorithm);
      checker.initVerify(certificate().getPublicKey());
      checker.update(sample);
      return checker.verify(signature);
    } catch (GeneralSecurityException otherKind) {
      return false;
    }
  }

  /// The server names that the certificate is for, in lower case; `*.` may stand in front.
  List<String> names() {
    var names = new ArrayList<String>();
    try {
      var alternatives = certificate().getSubjectAlternativeNames();
      if (alternatives != null) {
        for (var name : alternatives) {
          if (name.getFirst() instanceof Integer kind
              && (kind == DNS_NAME || kind == IP_ADDRESS)
              && name.get(1) instanceof String text) {
            names.add(text.toLowerCase(Locale.ROOT));
          }
        }
      }
    } catch (CertificateParsingException unreadable) {
      return List.of();
    }
    return names.isEmpty() ? commonName() : names;
  }

  private List<String> commonName() {
    try {
      var subject = new LdapName(certificate().getSubjectX500Principal().getName());
      return subject.getRdns().stream()
          .filter(part -> part.getType().equalsIgnoreCase("CN"))
          .map(part -> String.valueOf(part.getValue()).toLowerCase(Locale.ROOT))
          .toList();
    } catch (InvalidNameException unreadable) {
      return List.of();
    }
  }

  boolean isFor(String serverName) {
    int dot = serverName.indexOf('.');
    var wildcard = dot < 0 ? "" : "*" + serverName.substring(dot);
    var names = names();
    return names.contains(serverName) || (!wildcard.isEmpty() && names.contains(wildcard));
  }
}
