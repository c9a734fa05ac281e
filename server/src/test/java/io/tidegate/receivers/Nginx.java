package io.tidegate.receivers;

import io.tidegate.vault.Certificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/// The nginx of the machine, as a receiver that nobody here has written.
///
/// | path | answers |
/// |---|---|
/// | `/in` | 200 with the protocol, the method and the length of the body |
/// | `/big` | a mebibyte |
/// | `/gone` | 410 |
/// | `/moved` | 301 |
/// | `/hangup` | closes without a reply |
/// | `/small` | 413 for more than a kibibyte |
public final class Nginx implements AutoCloseable {
  private final Process process;
  private final int plain;
  private final int clear2;
  private final int secure;
  private final int mutual;

  private Nginx(Path folder) throws IOException {
    plain = free();
    clear2 = free();
    secure = free();
    mutual = free();
    Files.writeString(folder.resolve("own.pem"), Certificates.certificatePem("localhost"));
    Files.writeString(folder.resolve("own.key"), Certificates.keyPem("localhost"));
    Files.writeString(folder.resolve("trust.pem"), Certificates.certificatePem("authority"));
    Files.writeString(folder.resolve("big"), "x".repeat(1 << 20));
    Files.writeString(folder.resolve("nginx.conf"), config(folder));
    process =
        new ProcessBuilder(
                program(), "-p", folder.toString(), "-c", folder.resolve("nginx.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
  }

  /// Fails when the machine has no nginx (Debian: `apt-get install nginx`).
  public static Nginx start(Path folder) {
    try {
      var nginx = new Nginx(folder);
      Awaitility.await()
          .ignoreException(IOException.class)
          .until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), nginx.mutual).close();
            return true;
          });
      return nginx;
    } catch (IOException failed) {
      throw new IllegalStateException("nginx does not run here", failed);
    }
  }

  private static String program() {
    return Files.isExecutable(Path.of("/usr/sbin/nginx")) ? "/usr/sbin/nginx" : "nginx";
  }

  private static int free() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private String config(Path folder) {
    var user = System.getProperty("user.name").equals("root") ? "user root;" : "";
    return """
    %s
    daemon off;
    worker_processes 1;
    pid %2$s/nginx.pid;
    error_log %2$s/error.log info;
    events { worker_connections 2048; }
    http {
      access_log off;
      client_body_temp_path %2$s/body;
      proxy_temp_path %2$s/proxy;
      fastcgi_temp_path %2$s/fastcgi;
      uwsgi_temp_path %2$s/uwsgi;
      scgi_temp_path %2$s/scgi;
      keepalive_requests 50;
      root %2$s;
      ssl_certificate %2$s/own.pem;
      ssl_certificate_key %2$s/own.key;
      server { listen 127.0.0.1:%3$d; include %2$s/paths; }
      server { listen 127.0.0.1:%4$d http2; include %2$s/paths; }
      server { listen 127.0.0.1:%5$d ssl http2; include %2$s/paths; }
      server {
        listen 127.0.0.1:%6$d ssl http2;
        ssl_client_certificate %2$s/trust.pem;
        ssl_verify_client on;
        include %2$s/paths;
      }
    }
    """
        .formatted(user, paths(folder), plain, clear2, secure, mutual);
  }

  private static Path paths(Path folder) {
    try {
      Files.writeString(
          folder.resolve("paths"),
          """
          location /in { return 200 "$server_protocol $request_method $content_length"; }
          location /big { try_files /big =404; }
          location /gone { return 410; }
          location /moved { return 301 /in; }
          location /hangup { return 444; }
          location /small { client_max_body_size 1k; try_files /big =404; }
          """);
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
    return folder;
  }

  /// HTTP/1.1 in clear text.
  public int plain() {
    return plain;
  }

  /// HTTP/2 in clear text.
  public int clear2() {
    return clear2;
  }

  /// TLS, with HTTP/1.1 or HTTP/2.
  public int secure() {
    return secure;
  }

  /// The same for those who show a certificate.
  public int mutual() {
    return mutual;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
