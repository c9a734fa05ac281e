package io.tidegate.guard;

import io.tidegate.base.Bytes;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A message of Amazon SNS: RSA over chosen fields, with a certificate that Amazon publishes. The
/// certificate has to be fetched by the caller, from `certificateAddress` alone.
public final class SnsMessage {
  private static final Pattern HOST =
      Pattern.compile("sns\\.[a-z0-9-]{3,32}\\.amazonaws\\.com(\\.cn)?");
  private static final Pattern ISSUED_TO =
      Pattern.compile("(^|.*,)CN=sns(\\.[a-z0-9-]+)?\\.amazonaws\\.com(\\.cn)?(,.*|$)");
  private static final List<String> SIGNED_NOTIFICATION =
      List.of("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type");
  private static final List<String> SIGNED_CONFIRMATION =
      List.of("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type");
  private static final List<String> UNSIGNED =
      List.of("Signature", "SignatureVersion", "SigningCertURL");
  private static final int MOST_BYTES = 512 * 1024;
  private static final int MOST_CERTIFICATE = 16 * 1024;
  private static final Duration TOLERANCE = Duration.ofHours(1);

  private final Map<String, String> fields;

  private SnsMessage(Map<String, String> fields) {
    this.fields = fields;
  }

  /// The message, when the body has all that one needs.
  public static Optional<SnsMessage> read(Bytes body) {
    if (body.size() > MOST_BYTES) {
      return Optional.empty();
    }
    var message = new SnsMessage(JsonText.texts(body));
    var needed = message.signedFields();
    return message.fields.keySet().containsAll(UNSIGNED)
            && needed.stream().allMatch(f -> f.equals("Subject") || message.fields.containsKey(f))
        ? Optional.of(message)
        : Optional.empty();
  }

  public String type() {
    return field("Type");
  }

  public String messageId() {
    return field("MessageId");
  }

  public String topicArn() {
    return field("TopicArn");
  }

  boolean isConfirmation() {
    return type().equals("SubscriptionConfirmation");
  }

  /// Where the certificate is, when that is an address of Amazon SNS.
  public Optional<URI> certificateAddress() {
    return address("SigningCertURL")
        .filter(url -> url.getPath() != null && url.getPath().endsWith(".pem"));
  }

  /// What to visit to confirm, when that is an address of Amazon SNS.
  public Optional<URI> confirmationAddress() {
    return address("SubscribeURL");
  }

  /// True when the message was signed, less than an hour ago, by the owner of a certificate that is
  /// in force and issued to Amazon SNS. That the certificate came from `certificateAddress` over
  /// HTTPS is what makes it Amazon's.
  public boolean signedBy(String certificatePem, Instant now) {
    if (certificatePem.length() > MOST_CERTIFICATE || !isFresh(now)) {
      return false;
    }
    var algorithm =
        switch (field("SignatureVersion")) {
          case "1" -> "SHA1withRSA";
          case "2" -> "SHA256withRSA";
          default -> "";
        };
    var signature = Encoding.BASE64.decodeExactly(field("Signature"));
    if (algorithm.isEmpty() || signature == null) {
      return false;
    }
    try {
      var verifier = Signature.getInstance(algorithm);
      verifier.initVerify(certificate(certificatePem, now).getPublicKey());
      verifier.update(signedText().getBytes(StandardCharsets.UTF_8));
      return verifier.verify(signature);
    } catch (GeneralSecurityException | IllegalArgumentException refused) {
      return false;
    }
  }

  private static X509Certificate certificate(String pem, Instant now)
      throws GeneralSecurityException {
    var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    if (CertificateFactory.getInstance("X.509").generateCertificate(bytes)
        instanceof X509Certificate certificate) {
      certificate.checkValidity(Date.from(now));
      if (ISSUED_TO.matcher(certificate.getSubjectX500Principal().getName()).matches()) {
        return certificate;
      }
    }
    throw new IllegalArgumentException("not a certificate of Amazon SNS");
  }

  private boolean isFresh(Instant now) {
    return SignedAt.flaw(field("Timestamp"), SignedAt.Unit.ISO, now, TOLERANCE).isEmpty();
  }

  private String signedText() {
    var text = new StringBuilder();
    for (var name : signedFields()) {
      if (fields.containsKey(name)) {
        text.append(name).append('\n').append(field(name)).append('\n');
      }
    }
    return text.toString();
  }

  private List<String> signedFields() {
    return field("Type").equals("Notification") ? SIGNED_NOTIFICATION : SIGNED_CONFIRMATION;
  }

  private String field(String name) {
    return fields.getOrDefault(name, "");
  }

  private Optional<URI> address(String name) {
    try {
      var url = new URI(field(name));
      return "https".equals(url.getScheme())
              && url.getHost() != null
              && HOST.matcher(url.getHost()).matches()
              && url.getRawUserInfo() == null
              && (url.getPort() == -1 || url.getPort() == 443)
          ? Optional.of(url)
          : Optional.empty();
    } catch (URISyntaxException notAUrl) {
      return Optional.empty();
    }
  }

  /// What it is and where it comes from.
  @Override
  public String toString() {
    return type() + " " + messageId();
  }
}
