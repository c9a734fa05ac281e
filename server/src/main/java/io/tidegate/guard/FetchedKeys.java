package io.tidegate.guard;

import io.tidegate.base.Time;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keys that an issuer publishes at a URL, fetched again from time to time, and soon when
/// somebody shows a token of a key that is not among them. The last good set stays until there is a
/// better one.
///
///     waiting --alarm, or a miss and not too lately--> fetching --> waiting
final class FetchedKeys implements TokenKeys {
  private static final Logger LOG = LoggerFactory.getLogger(FetchedKeys.class);
  private static final Duration EVERY = Duration.ofMinutes(5);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
  private static final Duration AFTER_MISS = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int LARGEST = 1 << 20;

  private record Loaded(long generation, JwkSet keys) {}

  private final String guard;
  private final String url;
  private final Time time;
  private final AtomicBoolean fetching = new AtomicBoolean();
  private final CountDownLatch first = new CountDownLatch(1);
  private volatile Loaded loaded = new Loaded(0, JwkSet.empty());
  private volatile long lastFetch;
  private volatile boolean closed;
  private Time.@Nullable Alarm next;

  FetchedKeys(String guard, String url, Time time) {
    this.guard = guard;
    this.url = url;
    this.time = time;
  }

  @Override
  public Optional<TokenKey> find(String id) {
    return loaded.keys.find(id);
  }

  @Override
  public long generation() {
    return loaded.generation;
  }

  @Override
  public void start() {
    fetchSoon();
    try {
      var _ = first.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// At most one fetch in a while, however many strangers show whatever ids.
  @Override
  public void missed() {
    if (time.nanos() - lastFetch > AFTER_MISS.toNanos()) {
      fetchSoon();
    }
  }

  private void fetchSoon() {
    if (!closed && fetching.compareAndSet(false, true)) {
      lastFetch = time.nanos();
      Thread.ofVirtual().name("keys of " + guard).start(this::fetch);
    }
  }

  private void fetch() {
    boolean good = false;
    try {
      take(JwkSet.parse(guard, download()));
      good = true;
    } catch (IOException | ParseException | IllegalArgumentException failed) {
      LOG.atWarn()
          .addKeyValue("guard", guard)
          .addKeyValue("url", url)
          .addKeyValue("cause", failed.toString())
          .log("the guard's keys could not be fetched; those known before stay in force");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      lastFetch = time.nanos();
      fetching.set(false);
      first.countDown();
      again(good ? EVERY : AFTER_FAILURE);
    }
  }

  private String download() throws IOException, InterruptedException {
    try (var client =
        HttpClient.newBuilder().connectTimeout(PATIENCE).followRedirects(Redirect.NEVER).build()) {
      var request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
      var reply = client.send(request, BodyHandlers.ofInputStream());
      try (var body = reply.body();
          var _ = new Watchdog(time, body::close)) {
        if (reply.statusCode() != 200) {
          throw new IOException("status " + reply.statusCode());
        }
        var bytes = body.readNBytes(LARGEST + 1);
        if (bytes.length > LARGEST) {
          throw new IOException("more than " + LARGEST + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
      } finally {
        client.shutdownNow();
      }
    }
  }

  private void take(JwkSet keys) {
    if (keys.size() == 0) {
      LOG.atWarn().addKeyValue("guard", guard).log("the issuer publishes no key of use here");
    }
    if (!keys.sameAs(loaded.keys)) {
      loaded = new Loaded(loaded.generation + 1, keys);
      LOG.atInfo()
          .addKeyValue("guard", guard)
          .addKeyValue("keys", keys.size())
          .log("the guard has new keys");
    }
  }

  private synchronized void again(Duration wait) {
    if (next != null) {
      next.cancel();
    }
    next = closed ? null : time.after(wait, this::fetchSoon);
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (next != null) {
      next.cancel();
    }
  }

  /// Closes a body that drips.
  private static final class Watchdog implements AutoCloseable {
    private final Time.Alarm alarm;

    Watchdog(Time time, Closing body) {
      alarm = time.after(PATIENCE, () -> Thread.ofVirtual().start(() -> close(body)));
    }

    private interface Closing {
      void close() throws IOException;
    }

    private static void close(Closing body) {
      try {
        body.close();
      } catch (IOException _) {
        // the reader will see it
      }
    }

    @Override
    public void close() {
      alarm.cancel();
    }
  }
}
