package io.tidegate.vault;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/// Makes keys with certificates, into a key store.
final class TestAuthority {
  static final GeneralName[] LOCAL = {
    new GeneralName(GeneralName.dNSName, "localhost"),
    new GeneralName(GeneralName.iPAddress, "127.0.0.1")
  };

  private static final AlgorithmIdentifier SIGNED =
      new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);

  private final KeyStore store;
  private final char[] password;
  private long serial = 1000;

  TestAuthority(KeyStore store, char[] password) {
    this.store = store;
    this.password = password;
  }

  static GeneralName[] dns(String name) {
    return new GeneralName[] {new GeneralName(GeneralName.dNSName, name)};
  }

  static GeneralName[] email(String address) {
    return new GeneralName[] {new GeneralName(GeneralName.rfc822Name, address)};
  }

  void authority(String alias) throws GeneralSecurityException, IOException {
    var pair = pair("EC", 256);
    var extension = Extension.create(Extension.basicConstraints, true, new BasicConstraints(true));
    var name = new X500Name("CN=" + alias);
    var certificate = certificate(name, name, pair, pair.getPrivate(), extension, usual());
    store.setKeyEntry(alias, pair.getPrivate(), password, new Certificate[] {certificate});
  }

  void issue(String alias, String by, String name, GeneralName[] alternatives)
      throws GeneralSecurityException, IOException {
    issue(alias, by, name, alternatives, pair("EC", 256), usual());
  }

  void issueRsa(String alias, String by, String name, GeneralName[] alternatives)
      throws GeneralSecurityException, IOException {
    issue(alias, by, name, alternatives, pair("RSA", 2048), usual());
  }

  void issueExpired(String alias, String by, String name, GeneralName[] alternatives)
      throws GeneralSecurityException, IOException {
    issue(alias, by, name, alternatives, pair("EC", 256), Instant.now().minus(Duration.ofDays(1)));
  }

  private static Instant usual() {
    return Instant.now().plus(Duration.ofDays(30));
  }

  private static KeyPair pair(String algorithm, int size) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(size);
    return generator.generateKeyPair();
  }

  private void issue(
      String alias, String by, String name, GeneralName[] alternatives, KeyPair pair, Instant until)
      throws GeneralSecurityException, IOException {
    var issuer = (X509Certificate) store.getCertificate(by);
    var certificate =
        certificate(
            new X500Name(name),
            X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded()),
            pair,
            (PrivateKey) store.getKey(by, password),
            Extension.create(
                Extension.subjectAlternativeName, false, new GeneralNames(alternatives)),
            until);
    store.setKeyEntry(alias, pair.getPrivate(), password, new Certificate[] {certificate, issuer});
  }

  private X509Certificate certificate(
      X500Name subject,
      X500Name issuer,
      KeyPair pair,
      PrivateKey signer,
      Extension extension,
      Instant until)
      throws GeneralSecurityException, IOException {
    var content = new V3TBSCertificateGenerator();
    content.setSerialNumber(new org.bouncycastle.asn1.ASN1Integer(BigInteger.valueOf(serial++)));
    content.setSignature(SIGNED);
    content.setIssuer(issuer);
    content.setSubject(subject);
    content.setStartDate(new Time(Date.from(until.minus(Duration.ofDays(60)))));
    content.setEndDate(new Time(Date.from(until)));
    content.setSubjectPublicKeyInfo(
        SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
    content.setExtensions(new Extensions(extension));
    var tbs = content.generateTBSCertificate();
    var signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(signer);
    signature.update(tbs.getEncoded("DER"));
    var parts = new ASN1EncodableVector();
    parts.add(tbs);
    parts.add(SIGNED);
    parts.add(new DERBitString(signature.sign()));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(new DERSequence(parts).getEncoded("DER")));
  }
}
