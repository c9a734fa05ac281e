package io.tidegate.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.base.Secret;
import io.tidegate.plan.VaultStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreFileTest {
  @TempDir Path folder;

  private VaultStore pem(Path file, String... aliases) {
    return new VaultStore(file, "pem", new Secret(""), List.of(aliases));
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pkcs12", "jks"})
  void aKeyStoreGivesTheChosenEntriesInTheirOrder(String type) {
    var names = List.of("localhost", "api");
    var store = Certificates.keys(folder.resolve("keys"), type, names, names);

    var keys =
        StoreFile.keys(
            new VaultStore(store.file(), type, store.password(), List.of("api", "localhost")));

    assertThat(keys).extracting(KeyEntry::alias).containsExactly("api", "localhost");
    assertThat(keys.getFirst().names()).containsExactly("api.example");
    assertThat(keys.getLast().names()).contains("localhost", "127.0.0.1");
    assertThat(keys.getFirst().chain()).hasSize(2);
  }

  @Test
  void aPemFileHoldsAKeyWithItsChain() throws IOException {
    var file = write("api.pem", Certificates.certificatePem("api") + Certificates.keyPem("api"));

    var keys = StoreFile.keys(pem(file, "whatever"));

    assertThat(keys).hasSize(1);
    assertThat(keys.getFirst().names()).containsExactly("api.example");
  }

  @Test
  void aFolderHoldsOneEntryForEachName() throws IOException {
    for (var alias : List.of("localhost", "api")) {
      write(alias + ".crt", Certificates.certificatePem(alias));
      write(alias + ".key", Certificates.keyPem(alias));
    }

    var keys = StoreFile.keys(pem(folder, "localhost", "api"));

    assertThat(keys).extracting(KeyEntry::alias).containsExactly("localhost", "api");
  }

  @Test
  void aPemFileHoldsWhomToTrust() throws IOException {
    var file =
        write(
            "trust.pem",
            Certificates.certificatePem("authority") + Certificates.certificatePem("elsewhere"));

    assertThat(StoreFile.certificates(pem(file, "all"))).hasSize(2);
  }

  @Test
  void aFileThatIsNotThereIsSaid() {
    assertThatThrownBy(() -> StoreFile.keys(pem(folder.resolve("none.pem"), "a")))
        .isInstanceOf(VaultFault.class)
        .hasMessageContaining("none.pem")
        .hasMessageContaining("there is no such file");
  }

  @Test
  void aWrongPasswordIsSaidButNotShown() {
    var store = Certificates.keys(folder.resolve("keys.p12"), "localhost");

    assertThatThrownBy(() ->
            StoreFile.keys(
                new VaultStore(store.file(), "pkcs12", new Secret("mistaken"), store.aliases())))
        .isInstanceOf(VaultFault.class)
        .hasMessageContaining("the password is wrong")
        .hasMessageNotContaining("mistaken");
  }

  @Test
  void aMissingEntryIsSaidWithThoseThatAreThere() {
    var store = Certificates.keys(folder.resolve("keys.p12"), "localhost");

    assertThatThrownBy(() ->
            StoreFile.keys(
                new VaultStore(store.file(), "pkcs12", store.password(), List.of("nobody"))))
        .isInstanceOf(VaultFault.class)
        .hasMessageContaining("no entry 'nobody', only [localhost]");
  }

  @Test
  void aTrustedCertificateIsNoKey() {
    var store = Certificates.trust(folder.resolve("trust.p12"), "authority");

    assertThatThrownBy(() -> StoreFile.keys(store))
        .isInstanceOf(VaultFault.class)
        .hasMessageContaining("no private key");
  }

  @Test
  void aKeyThatDoesNotFitItsCertificateIsSaid() throws IOException {
    var file =
        write(
            "mixed.pem", Certificates.certificatePem("localhost") + Certificates.keyPem("client"));

    assertThatThrownBy(() -> StoreFile.keys(pem(file, "mixed")))
        .isInstanceOf(VaultFault.class)
        .hasMessageContaining("does not fit its certificate");
  }

  @Test
  void aKeyOfAnotherKindDoesNotFitEither() throws IOException {
    var file =
        write("mixed.pem", Certificates.certificatePem("localhost") + Certificates.keyPem("api"));

    assertThatThrownBy(() -> StoreFile.keys(pem(file, "mixed")))
        .isInstanceOf(VaultFault.class)
        .hasMessageContaining("does not fit its certificate");
  }

  @Test
  void rubbishIsSaidToBeRubbish() throws IOException {
    var file = write("keys.p12", "this is no key store");

    assertThatThrownBy(
            () -> StoreFile.keys(new VaultStore(file, "pkcs12", new Secret("x"), List.of("a"))))
        .isInstanceOf(VaultFault.class)
        .hasMessageContaining("no pkcs12, or damaged");
    assertThatThrownBy(() -> StoreFile.keys(pem(file, "a")))
        .isInstanceOf(VaultFault.class)
        .hasMessageContaining("lacks its certificate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa.pem", "ec.pem", "pkcs8.pem", "sealed.pem", "ed25519.pem"})
  void everyUsualEncodingOfAKeyIsRead(String name) throws IOException {
    var text = Files.readString(Path.of("src/test/resources/vault", name));
    var file = write(name, text);

    var keys = StoreFile.keys(new VaultStore(file, "pem", new Secret("changeit"), List.of("any")));

    assertThat(keys).hasSize(1);
  }

  @Test
  void aSealedKeyNeedsItsPassword() {
    var file = Path.of("src/test/resources/vault/sealed.pem");

    assertThatThrownBy(() ->
            StoreFile.keys(new VaultStore(file, "pem", new Secret("mistaken"), List.of("any"))))
        .isInstanceOf(VaultFault.class)
        .hasMessageContaining("the password is wrong");
  }
}
