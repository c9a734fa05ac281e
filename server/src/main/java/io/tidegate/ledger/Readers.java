package io.tidegate.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/// Looks things up, on a few threads of the platform, since native calls would hold up virtual
/// ones. Whoever asks waits, for a bounded time; a search that takes longer is broken off.
final class Readers implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int QUEUE = 64;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final LedgerFile file;
  private final Consumer<Throwable> damaged;
  private final BlockingQueue<Connection> idle = new ArrayBlockingQueue<>(THREADS);
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          10,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(QUEUE),
          task -> Thread.ofPlatform().name("ledger reader").daemon().unstarted(task));
  private volatile boolean closed;

  /// @param damaged told when the file turns out to be
  Readers(LedgerFile file, Consumer<Throwable> damaged) {
    this.file = file;
    this.damaged = damaged;
    threads.allowCoreThreadTimeOut(true);
  }

  /// Something that is looked up.
  interface Search<T> {
    T in(Connection connection) throws SQLException;
  }

  /// @throws NotNow when it cannot be known now, or not within a bounded time
  <T> T find(Search<T> search) {
    var running = new AtomicReference<@Nullable Connection>();
    var late = new AtomicBoolean();
    CompletableFuture<T> found;
    try {
      found = CompletableFuture.supplyAsync(() -> run(search, running, late), threads);
    } catch (RejectedExecutionException full) {
      throw new NotNow("too many searches are under way; try again in a moment", full);
    }
    try {
      return found.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException over) {
      late.set(true);
      interrupt(running.get());
      throw new NotNow("the search takes too long: narrow it, by tenant or time", over);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof NotNow known ? known : new NotNow(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new NotNow("interrupted", interrupted);
    }
  }

  private <T> T run(
      Search<T> search, AtomicReference<@Nullable Connection> running, AtomicBoolean late) {
    Connection connection = idle.poll();
    boolean works = false;
    try {
      if (connection == null) {
        connection = file.reader();
      }
      running.set(connection);
      if (late.get()) {
        throw new NotNow("nobody waits for it any more");
      }
      var result = search.in(connection);
      works = true;
      return result;
    } catch (SQLException failed) {
      if (LedgerFile.isCorrupt(failed)) {
        damaged.accept(failed);
      }
      throw new NotNow("the ledger cannot be read: " + failed.getMessage(), failed);
    } finally {
      running.set(null);
      if (connection != null && (!works || closed || !idle.offer(connection))) {
        close(connection);
      }
    }
  }

  private static void interrupt(@Nullable Connection connection) {
    try {
      if (connection instanceof SQLiteConnection running) {
        running.getDatabase().interrupt();
      }
    } catch (SQLException over) {
      // it has ended by itself
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException failed) {
      // nothing depends on it any more
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.shutdown();
    try {
      if (!threads.awaitTermination(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    for (var each = idle.poll(); each != null; each = idle.poll()) {
      close(each);
    }
  }
}
