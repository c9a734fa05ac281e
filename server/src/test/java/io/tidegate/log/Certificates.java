package io.tidegate.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/// Self-signed certificates of a server and a client, in every kind of file that there is.
///
/// @param serverKeys pkcs12
/// @param serverPem the server's certificate
/// @param clientKeys pkcs12
/// @param clientPem the client's certificate
/// @param clientKeyPem the client's private key and certificate
public record Certificates(
    Path serverKeys, Path serverPem, Path clientKeys, Path clientPem, Path clientKeyPem) {
  public static final String PASSWORD = "changeit-now";

  public static Certificates in(Path folder)
      throws IOException, GeneralSecurityException, InterruptedException {
    var server = keys(folder.resolve("server.p12"), "CN=broker");
    var client = keys(folder.resolve("client.p12"), "CN=tidegate");
    var serverPem = folder.resolve("server.pem");
    var clientPem = folder.resolve("client.pem");
    var clientKeyPem = folder.resolve("client-key.pem");
    Files.writeString(serverPem, certificate(server));
    Files.writeString(clientPem, certificate(client));
    Files.writeString(clientKeyPem, key(client) + certificate(client));
    return new Certificates(server, serverPem, client, clientPem, clientKeyPem);
  }

  /// A trust store of that type with the server's certificate in it.
  public Path trust(String type) throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance(type);
    store.load(null, null);
    store.setCertificateEntry("server", load(serverKeys).getCertificate("own"));
    var file = serverPem.resolveSibling("trust." + type);
    try (var out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
    return file;
  }

  private static Path keys(Path file, String name) throws IOException, InterruptedException {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "own",
            "-keyalg",
            "EC",
            "-dname",
            name,
            "-ext",
            "SAN=ip:127.0.0.1",
            "-validity",
            "30",
            "-storetype",
            "PKCS12",
            "-keystore",
            file.toString(),
            "-storepass",
            PASSWORD);
    var made =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    if (made != 0) {
      throw new IOException("keytool failed: " + made);
    }
    return file;
  }

  private static KeyStore load(Path file) throws IOException, GeneralSecurityException {
    try (var in = Files.newInputStream(file)) {
      var store = KeyStore.getInstance("PKCS12");
      store.load(in, PASSWORD.toCharArray());
      return store;
    }
  }

  private static String certificate(Path keys) throws IOException, GeneralSecurityException {
    return pem("CERTIFICATE", load(keys).getCertificate("own").getEncoded());
  }

  private static String key(Path keys) throws IOException, GeneralSecurityException {
    return pem("PRIVATE KEY", load(keys).getKey("own", PASSWORD.toCharArray()).getEncoded());
  }

  private static String pem(String what, byte[] content) {
    var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
  }
}
