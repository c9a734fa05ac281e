package io.tidegate.vault;

import io.tidegate.base.Bytes;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Something made from files that is made again when they change. While they are bad, what was made
/// before stays.
///
/// `current` may be called from any thread.
public final class Watched<T> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watched.class);

  private final String name;
  private final Supplier<Bytes> fingerprint;
  private final Supplier<T> maker;
  private final Runnable forget;
  private Bytes seen;
  private volatile T current;

  Watched(String name, Supplier<Bytes> fingerprint, Supplier<T> maker, VaultWatch watch) {
    this.name = name;
    this.fingerprint = fingerprint;
    this.maker = maker;
    this.forget = () -> watch.forget(this);
    this.seen = fingerprint.get(); // before the first reading, lest a change in between be missed
    this.current = maker.get();
  }

  public T current() {
    return current;
  }

  synchronized void look() {
    var now = fingerprint.get();
    if (now.equals(seen)) {
      return;
    }
    seen = now;
    try {
      current = maker.get();
      LOG.atInfo().addKeyValue("tls", name).log("the changed certificates are in use");
    } catch (VaultFault fault) {
      LOG.atError()
          .addKeyValue("tls", name)
          .log("the certificates stay as they were: {}", fault.getMessage());
    } catch (RuntimeException bug) {
      LOG.atError()
          .addKeyValue("tls", name)
          .setCause(bug)
          .log("the certificates stay as they were");
    }
  }

  /// Looks no more.
  @Override
  public void close() {
    forget.run();
  }
}
