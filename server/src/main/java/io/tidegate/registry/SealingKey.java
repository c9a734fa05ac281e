package io.tidegate.registry;

import io.tidegate.base.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Seals secrets before they enter a topic, and opens them again: AES-256-GCM. All instances that
/// share a registry share the key. Any thread.
///
///     sealed:v1:<id of the key>:<base64url of nonce, ciphertext, tag>
///
/// Several keys make a change of key possible: the first one seals, each of them opens.
public final class SealingKey {
  private static final String MARK = "sealed:v1:";
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String CIPHER = "AES/GCM/NoPadding";

  /// Found once: to look for it takes longer than to open a secret.
  private static final Provider PROVIDER = provider();

  private final String id;
  private final Map<String, SecretKeySpec> keys;

  private SealingKey(Map<String, SecretKeySpec> keys) {
    this.id = keys.keySet().iterator().next();
    this.keys = keys;
  }

  /// @param text one or more keys separated by commas, each 32 bytes in hex or base64
  /// @throws IllegalArgumentException when it is not; without any part of the text
  public static SealingKey parse(Secret text) {
    var keys = new LinkedHashMap<String, SecretKeySpec>();
    for (var each : text.reveal().strip().split("\\s*,\\s*", -1)) {
      var bytes = bytes(each);
      keys.put(idOf(bytes), new SecretKeySpec(bytes, "AES"));
    }
    return new SealingKey(keys);
  }

  /// A new key, in the form that `parse` reads.
  public static Secret generate() {
    var bytes = new byte[KEY_BYTES];
    RANDOM.nextBytes(bytes);
    return new Secret(Base64.getEncoder().encodeToString(bytes));
  }

  private static byte[] bytes(String text) {
    try {
      var bytes =
          text.length() == 2 * KEY_BYTES
              ? HexFormat.of().parseHex(text)
              : Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
      if (bytes.length == KEY_BYTES) {
        return bytes;
      }
    } catch (IllegalArgumentException unreadable) {
      // said below, without what it says of the text
    }
    throw new IllegalArgumentException("a sealing key is 32 bytes, in hex or base64");
  }

  private static String idOf(byte[] key) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update("tidegate sealing key ".getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(key), 0, 4);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  /// Names the key that seals, and tells nothing about it.
  public String id() {
    return id;
  }

  public static boolean isSealed(String text) {
    return text.startsWith(MARK);
  }

  public String seal(Secret secret) {
    var nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      var plain = secret.reveal().getBytes(StandardCharsets.UTF_8);
      var content = cipher(Cipher.ENCRYPT_MODE, id, nonce).doFinal(plain);
      var all = ByteBuffer.allocate(nonce.length + content.length).put(nonce).put(content).array();
      return MARK + id + ":" + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    } catch (GeneralSecurityException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /// @throws Unopened with a sentence that holds no part of the secret
  public Secret open(String sealed) {
    var parts = sealed.split(":", -1);
    if (!isSealed(sealed) || parts.length != 4) {
      throw new Unopened("it is not sealed; `tidegate seal` does that");
    }
    if (!keys.containsKey(parts[2])) {
      throw new Unopened("it was sealed with the key " + shown(parts[2]) + ", not with " + id);
    }
    try {
      var all = Base64.getUrlDecoder().decode(parts[3]);
      if (all.length < NONCE_BYTES) {
        throw new Unopened("it is cut off");
      }
      var nonce = java.util.Arrays.copyOf(all, NONCE_BYTES);
      var cipher = cipher(Cipher.DECRYPT_MODE, parts[2], nonce);
      var plain = cipher.doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
      return new Secret(new String(plain, StandardCharsets.UTF_8));
    } catch (AEADBadTagException | IllegalArgumentException changed) {
      throw new Unopened("it was changed after it was sealed");
    } catch (GeneralSecurityException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /// Keys for another purpose, made from these by a one-way function, in the same order: all
  /// instances that share the sealing key share them.
  public List<byte[]> derived(String purpose) {
    return keys.values().stream().map(key -> derived(key, purpose)).toList();
  }

  private static byte[] derived(SecretKeySpec key, String purpose) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getEncoded(), "HmacSHA256"));
      return mac.doFinal(("tidegate " + purpose).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private static String shown(String keyId) {
    return keyId.matches("[0-9a-f]{8}") ? keyId : "?";
  }

  private static Provider provider() {
    try {
      return Cipher.getInstance(CIPHER).getProvider();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private Cipher cipher(int mode, String keyId, byte[] nonce) throws GeneralSecurityException {
    var cipher = Cipher.getInstance(CIPHER, PROVIDER);
    cipher.init(mode, keys.get(keyId), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD((MARK + keyId).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  /// The keys at hand do not open it.
  public static final class Unopened extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unopened(String why) {
      super(why, null, false, false);
    }

    /// Why, as a sentence without a subject.
    public String why() {
      return java.util.Objects.requireNonNull(getMessage());
    }
  }

  /// The ids of the keys, the sealing one first.
  @Override
  public String toString() {
    return List.copyOf(keys.keySet()).toString();
  }
}
