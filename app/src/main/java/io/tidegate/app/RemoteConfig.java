package io.tidegate.app;

import io.tidegate.base.Bytes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A configuration that a server hands out. Who can change it runs this gateway, so it should come
/// over TLS; redirects are followed, but never from `https` to `http`.
final class RemoteConfig {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private RemoteConfig() {}

  static ConfigSource read(String location) {
    var uri = uri(location);
    var name = shown(uri);
    try (var worker = Executors.newVirtualThreadPerTaskExecutor()) {
      var body = worker.submit(() -> download(uri));
      try {
        return new ConfigSource(name, body.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
      } catch (TimeoutException late) {
        body.cancel(true);
        throw new UserFault(
            "cannot read " + name + ": no whole answer within " + PATIENCE.toSeconds() + " s");
      } catch (ExecutionException failed) {
        throw new UserFault("cannot read " + name + ": " + reason(failed.getCause()), failed);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UserFault("cannot read " + name + ": interrupted");
    }
  }

  private static URI uri(String location) {
    try {
      var uri = URI.create(location);
      if (uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException notOne) {
      throw new UserFault("'" + location + "' is not a URL", notOne);
    }
    throw new UserFault("'" + location + "' is a URL without a host");
  }

  /// Without user and query, which may hold credentials.
  private static String shown(URI uri) {
    var port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return uri.getScheme() + "://" + uri.getHost() + port + uri.getPath();
  }

  private static Bytes download(URI uri) throws IOException, InterruptedException {
    try (var client =
        HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      var request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
      var reply = client.send(request, BodyHandlers.ofInputStream());
      try (var body = reply.body()) {
        if (reply.statusCode() != 200) {
          throw new IOException("the server answered with status " + reply.statusCode());
        }
        var bytes = body.readNBytes(ConfigSource.LARGEST + 1);
        if (bytes.length > ConfigSource.LARGEST) {
          throw new IOException("it is larger than 4 MiB, which no configuration needs to be");
        }
        return Bytes.wrap(bytes);
      } finally {
        client.shutdownNow();
      }
    }
  }

  private static String reason(@Nullable Throwable failed) {
    return switch (failed) {
      case java.net.http.HttpTimeoutException _ -> "no answer in time";
      case java.net.ConnectException _ -> "nobody answers there";
      case null -> "no reason was given";
      default -> String.valueOf(failed.getMessage());
    };
  }
}
