package io.tidegate.vault;

import io.tidegate.base.Bytes;
import io.tidegate.plan.VaultStore;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks once a second at the files of all vaults in use.
///
/// Compares contents, since modification times do not tell when a mounted folder is swapped. Any
/// thread; the looking is done on one of its own, which begins with the first file.
public final class VaultWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VaultWatch.class);

  private final Set<Watched<?>> all = ConcurrentHashMap.newKeySet();
  private @Nullable ScheduledExecutorService looks;

  /// Makes something from those files now, and again whenever they change.
  ///
  /// @throws VaultFault when it cannot be made now
  public <T> Watched<T> watch(String name, List<VaultStore> stores, Supplier<T> maker) {
    var watched = new Watched<T>(name, () -> fingerprint(stores), maker, this);
    all.add(watched);
    start();
    return watched;
  }

  private synchronized void start() {
    if (looks == null) {
      looks =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().name("vault-watch").daemon().factory());
      var _ =
          looks.scheduleWithFixedDelay(() -> all.forEach(Watched::look), 1, 1, TimeUnit.SECONDS);
    }
  }

  void forget(Watched<?> watched) {
    all.remove(watched);
  }

  private static Bytes fingerprint(List<VaultStore> stores) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var store : stores) {
        for (var file : StoreFile.files(store)) {
          digest.update(file.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
          digest.update(content(file));
        }
      }
      return Bytes.wrap(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] content(java.nio.file.Path file) {
    try {
      return Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
    } catch (IOException unreadable) {
      return new byte[] {1};
    }
  }

  /// Says so when certificates are not good today.
  public static void warnOfDates(String name, List<X509Certificate> certificates, Instant now) {
    for (var certificate : certificates) {
      var from = certificate.getNotBefore().toInstant();
      var until = certificate.getNotAfter().toInstant();
      if (now.isAfter(until) || now.isBefore(from)) {
        LOG.atWarn()
            .addKeyValue("tls", name)
            .addKeyValue("subject", certificate.getSubjectX500Principal().getName())
            .log(
                now.isAfter(until)
                    ? "the certificate has expired on {}; callers will refuse it"
                    : "the certificate is not good before {}; callers will refuse it",
                now.isAfter(until) ? until : from);
      }
    }
  }

  @Override
  public synchronized void close() {
    if (looks != null) {
      looks.shutdownNow();
    }
  }
}
