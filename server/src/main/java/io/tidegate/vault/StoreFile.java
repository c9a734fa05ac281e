package io.tidegate.vault;

import io.tidegate.plan.VaultStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// One file of a vault, opened.
///
/// A `pem` store is a file with one key and its certificates (or with trusted certificates),
/// whatever the alias; or a folder in which an entry has files: `<alias>.crt` or `.pem`, and
/// `<alias>.key`.
final class StoreFile {
  private static final long LARGEST = 8 << 20;
  private static final List<String> PEM_FILES = List.of(".crt", ".pem", ".key");

  private final VaultStore store;

  private StoreFile(VaultStore store) {
    this.store = store;
  }

  /// The keys of the chosen entries, in the order in which they are chosen.
  static List<KeyEntry> keys(VaultStore store) {
    return new StoreFile(store).keys();
  }

  /// The certificates of the chosen entries.
  static List<X509Certificate> certificates(VaultStore store) {
    return new StoreFile(store).certificates();
  }

  /// The files that are read, whether they are there or not.
  static List<Path> files(VaultStore store) {
    if (!store.type().equals("pem") || !Files.isDirectory(store.file())) {
      return List.of(store.file());
    }
    return store.aliases().stream()
        .flatMap(alias -> PEM_FILES.stream().map(ending -> store.file().resolve(alias + ending)))
        .toList();
  }

  private List<KeyEntry> keys() {
    try {
      var entries = store.type().equals("pem") ? pemKeys() : keyStoreKeys();
      for (var entry : entries) {
        if (!entry.fits()) {
          throw fault("the key of entry '" + entry.alias() + "' does not fit its certificate");
        }
      }
      return entries;
    } catch (GeneralSecurityException | IOException failed) {
      throw fault(failed);
    }
  }

  private List<X509Certificate> certificates() {
    try {
      var found = store.type().equals("pem") ? pemCertificates() : keyStoreCertificates();
      if (found.isEmpty()) {
        throw fault("there is no certificate in it");
      }
      return found;
    } catch (GeneralSecurityException | IOException failed) {
      throw fault(failed);
    }
  }

  private List<KeyEntry> keyStoreKeys() throws GeneralSecurityException, IOException {
    var opened = open();
    var entries = new ArrayList<KeyEntry>();
    for (var alias : store.aliases()) {
      var chain = opened.getCertificateChain(alias);
      if (!opened.containsAlias(alias)) {
        throw noEntry(alias, opened);
      }
      if (chain == null
          || !(opened.getKey(alias, store.password().reveal().toCharArray())
              instanceof PrivateKey key)) {
        throw fault("entry '" + alias + "' is no private key with a certificate");
      }
      entries.add(
          new KeyEntry(alias, key, Arrays.stream(chain).map(X509Certificate.class::cast).toList()));
    }
    return entries;
  }

  private List<X509Certificate> keyStoreCertificates()
      throws GeneralSecurityException, IOException {
    var opened = open();
    var wanted = store.aliases().isEmpty() ? Collections.list(opened.aliases()) : store.aliases();
    var found = new ArrayList<X509Certificate>();
    for (var alias : wanted) {
      if (!(opened.getCertificate(alias) instanceof X509Certificate certificate)) {
        throw noEntry(alias, opened);
      }
      found.add(certificate);
    }
    return found;
  }

  private VaultFault noEntry(String alias, KeyStore opened) throws GeneralSecurityException {
    return fault(
        "it has no entry '%s', only %s".formatted(alias, Collections.list(opened.aliases())));
  }

  private KeyStore open() throws GeneralSecurityException, IOException {
    var opened = KeyStore.getInstance(store.type());
    size(store.file());
    try (var in = Files.newInputStream(store.file())) {
      opened.load(in, store.password().reveal().toCharArray());
    }
    return opened;
  }

  private List<KeyEntry> pemKeys() throws GeneralSecurityException, IOException {
    var entries = new ArrayList<KeyEntry>();
    if (!Files.isDirectory(store.file()) && store.aliases().size() > 1) {
      throw fault("a pem file holds one entry; a folder of <alias>.crt and <alias>.key holds more");
    }
    for (var alias : store.aliases()) {
      var pem = Pem.parse(text(alias));
      var chain = pem.certificates();
      var key = pem.key(store.password().reveal());
      if (chain.isEmpty() || key.isEmpty()) {
        throw fault(
            "entry '%s' lacks its %s"
                .formatted(alias, chain.isEmpty() ? "certificate" : "private key"));
      }
      entries.add(new KeyEntry(alias, key.get(), chain));
    }
    return entries;
  }

  private List<X509Certificate> pemCertificates() throws GeneralSecurityException, IOException {
    if (!Files.isDirectory(store.file())) {
      return Pem.parse(text("")).certificates();
    }
    var found = new ArrayList<X509Certificate>();
    for (var alias : store.aliases()) {
      found.addAll(Pem.parse(text(alias)).certificates());
    }
    return found;
  }

  /// The text of the file, or of all that the folder has for that entry.
  private String text(String alias) throws IOException {
    if (!Files.isDirectory(store.file())) {
      size(store.file());
      return Files.readString(store.file(), StandardCharsets.ISO_8859_1);
    }
    var text = new StringBuilder();
    for (var ending : PEM_FILES) {
      var file = store.file().resolve(alias + ending);
      if (Files.exists(file)) {
        size(file);
        text.append(Files.readString(file, StandardCharsets.ISO_8859_1)).append('\n');
      }
    }
    if (text.isEmpty()) {
      throw fault("it has no %s.crt, %s.pem or %s.key".formatted(alias, alias, alias));
    }
    return text.toString();
  }

  private void size(Path file) throws IOException {
    if (Files.size(file) > LARGEST) {
      throw fault("it is larger than 8 MiB");
    }
  }

  private VaultFault fault(String problem) {
    return new VaultFault("the store " + store.file() + " cannot be used: " + problem);
  }

  private VaultFault fault(Exception failed) {
    var problem =
        switch (failed) {
          case NoSuchFileException _ -> "there is no such file";
          case AccessDeniedException _ -> "permission denied";
          case Unreadable unreadable -> String.valueOf(unreadable.getMessage());
          case UnrecoverableKeyException _ -> "the password does not open its key";
          case IOException io when io.getCause() instanceof UnrecoverableKeyException ->
              "the password is wrong";
          default ->
              "it is no "
                  + store.type()
                  + ", or damaged: "
                  + Optional.ofNullable(failed.getMessage())
                      .orElse(failed.getClass().getSimpleName());
        };
    return new VaultFault("the store " + store.file() + " cannot be used: " + problem, failed);
  }
}
