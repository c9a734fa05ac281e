package io.tidegate.vault;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/// Private keys in the encodings that are found in PEM files.
///
/// The two older ones, `RSA PRIVATE KEY` and `EC PRIVATE KEY`, are what PKCS#8 holds inside, and
/// are wrapped as such.
final class PrivateKeys {
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");
  private static final byte[] RSA = {6, 9, 42, -122, 72, -122, -9, 13, 1, 1, 1, 5, 0};
  private static final byte[] EC = {6, 7, 42, -122, 72, -50, 61, 2, 1};
  private static final byte[] VERSION = {2, 1, 0};
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 4;
  private static final int PARAMETERS = 0xa0;

  private PrivateKeys() {}

  static PrivateKey read(String label, byte[] der, String password)
      throws GeneralSecurityException {
    return switch (label) {
      case "PRIVATE KEY" -> pkcs8(der);
      case "ENCRYPTED PRIVATE KEY" -> pkcs8(decrypted(der, password));
      case "RSA PRIVATE KEY" -> pkcs8(wrapped(RSA, der));
      case "EC PRIVATE KEY" -> pkcs8(wrapped(joined(EC, curve(der)), der));
      default -> throw new Unreadable("a key of kind '" + label + "' cannot be read");
    };
  }

  private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
    @Nullable InvalidKeySpecException last = null;
    for (var algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException another) {
        last = another;
      }
    }
    throw new Unreadable("its key is of an algorithm that is not known, or damaged", last);
  }

  private static byte[] decrypted(byte[] der, String password) throws GeneralSecurityException {
    try {
      var sealed = new EncryptedPrivateKeyInfo(der);
      var parameters = sealed.getAlgParameters();
      var algorithm = parameters == null ? sealed.getAlgName() : parameters.toString();
      var secret =
          SecretKeyFactory.getInstance(algorithm)
              .generateSecret(new PBEKeySpec(password.toCharArray()));
      var cipher = Cipher.getInstance(algorithm);
      cipher.init(Cipher.DECRYPT_MODE, secret, parameters);
      return sealed.getKeySpec(cipher).getEncoded();
    } catch (IOException | InvalidKeySpecException wrong) {
      throw new Unreadable("the password is wrong", wrong);
    }
  }

  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    return der(SEQUENCE, joined(VERSION, der(SEQUENCE, algorithm), der(OCTETS, key)));
  }

  /// The curve's name out of `ECPrivateKey ::= { version, key, [0] parameters, [1] public }`.
  private static byte[] curve(byte[] ec) throws Unreadable {
    int at = content(ec, 0);
    while (at < ec.length) {
      int start = content(ec, at);
      int end = start + length(ec, at);
      if ((ec[at] & 0xff) == PARAMETERS && end <= ec.length) {
        return Arrays.copyOfRange(ec, start, end);
      }
      at = end;
    }
    throw new Unreadable("its EC key names no curve; `openssl pkcs8 -topk8` makes one that does");
  }

  private static int content(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  private static int length(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7f); i++) {
      length = (length << 8) | (der[at + 2 + i] & 0xff);
    }
    return length;
  }

  private static byte[] der(int tag, byte[] content) {
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length < 0x80) {
      out.write(content.length);
    } else {
      out.write(0x82);
      out.write(content.length >> 8);
      out.write(content.length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (var part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
