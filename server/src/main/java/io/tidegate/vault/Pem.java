package io.tidegate.vault;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The blocks of a PEM text.
record Pem(List<Pem.Block> blocks) {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  /// @param label such as `CERTIFICATE`
  record Block(String label, String text) {
    byte[] bytes() throws Unreadable {
      if (text.contains(":")) {
        throw new Unreadable(
            "its key is encrypted in an old way; `openssl pkcs8 -topk8` makes one that can be read");
      }
      try {
        return Base64.getMimeDecoder().decode(text);
      } catch (IllegalArgumentException broken) {
        throw new Unreadable("block '" + label + "' is not base64", broken);
      }
    }
  }

  static Pem parse(String text) {
    var blocks = new ArrayList<Block>();
    var matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    return new Pem(blocks);
  }

  List<X509Certificate> certificates() throws GeneralSecurityException {
    var factory = CertificateFactory.getInstance("X.509");
    var found = new ArrayList<X509Certificate>();
    for (var block : blocks) {
      if (block.label.equals("CERTIFICATE") || block.label.equals("X509 CERTIFICATE")) {
        var in = new ByteArrayInputStream(block.bytes());
        found.add((X509Certificate) factory.generateCertificate(in));
      }
    }
    return found;
  }

  /// The first private key, if there is one.
  Optional<PrivateKey> key(String password) throws GeneralSecurityException {
    for (var block : blocks) {
      if (block.label.endsWith("PRIVATE KEY")) {
        return Optional.of(PrivateKeys.read(block.label, block.bytes(), password));
      }
    }
    return Optional.empty();
  }
}
