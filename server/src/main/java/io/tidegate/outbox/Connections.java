package io.tidegate.outbox;

import io.tidegate.outbox.ConnectedType.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connections of destinations that are not spoken to over HTTP: opened when the first event is
/// to go there, kept and shared while they are used, closed when nobody has used them for a while or
/// when no destination is left that is as it was when it used them. One that broke is left, and the
/// next attempt opens another one.
///
/// They are opened and closed on platform threads, since libraries may hold on to those. Any number
/// of threads may use this.
///
///     site --use--> opening --> open --idle, unused, broken--> closed
///                      '--failed: the next one begins anew
final class Connections implements AutoCloseable {
  static final int MOST = 128;

  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
  private static final int MOST_OPENING = 64;
  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final Ways ways;
  private final BiPredicate<String, Long> isCurrent;
  private final int most;
  private final Map<Object, Kept> kept = new HashMap<>();
  private final ExecutorService work =
      Executors.newThreadPerTaskExecutor(
          Thread.ofPlatform().daemon().name("destination-connection-", 0).factory());
  private final CountDownLatch end = new CountDownLatch(1);
  private int opening;

  /// @param isCurrent whether a destination, by its key, is still there in this version
  Connections(Ways ways, BiPredicate<String, Long> isCurrent) {
    this(ways, isCurrent, MOST);
  }

  Connections(Ways ways, BiPredicate<String, Long> isCurrent, int most) {
    this.ways = ways;
    this.isCurrent = isCurrent;
    this.most = most;
  }

  Connections start() {
    Thread.ofVirtual().name("destination-connections").start(this::lookAfter);
    return this;
  }

  /// Who needs a connection.
  ///
  /// @param destination by its key; empty when there is none yet
  record User(
      Optional<String> destination,
      long version,
      ConnectedType type,
      Map<String, String> config,
      Map<String, String> credentials) {}

  /// What is done with a connection.
  interface Use {
    void with(Connection connection, Duration limit) throws Undelivered, InterruptedException;
  }

  /// One connection from its beginning to its end. Guarded by the lock of `Connections`.
  private static final class Kept {
    final CompletableFuture<Connection> connection = new CompletableFuture<>();
    final Map<String, Long> users = new HashMap<>();
    int uses;
    long idleSince = System.nanoTime();

    @Nullable Connection now() {
      return connection.isCompletedExceptionally() ? null : connection.getNow(null);
    }

    boolean isOver() {
      var now = now();
      return connection.isDone() && (now == null || !now.isUsable());
    }
  }

  /// Waits as long as the limits allow for the whole of an exchange.
  void use(User user, Use use) throws Undelivered, InterruptedException {
    var site = user.type().site(user.config(), user.credentials());
    long end = System.nanoTime() + ways.limits().total().toNanos();
    var mine = join(site, user);
    try {
      var connection = await(mine, ways.limits().connect().plus(ways.limits().tls()));
      use.with(connection, Duration.ofNanos(Math.max(1, end - System.nanoTime())));
    } finally {
      leave(site, mine);
    }
  }

  private synchronized Kept join(Object site, User user) throws Undelivered {
    if (end.getCount() == 0) {
      throw Undelivered.failed("cancelled", "this instance is stopping");
    }
    var present = kept.get(site);
    if (present != null && present.isOver()) {
      drop(site, present);
      present = null;
    }
    if (present == null) {
      makeRoom();
      present = new Kept();
      kept.put(site, present);
      open(present, user);
    }
    present.uses++;
    var joined = present;
    user.destination().ifPresent(key -> joined.users.put(key, user.version()));
    return present;
  }

  private void makeRoom() throws Undelivered {
    if (opening >= MOST_OPENING) {
      throw Undelivered.failed("busy", "too many connections are being opened");
    }
    if (kept.size() < most) {
      return;
    }
    var idlest =
        kept.entrySet().stream()
            .filter(each -> each.getValue().uses == 0)
            .min(Comparator.comparingLong(each -> each.getValue().idleSince))
            .orElseThrow(
                () -> Undelivered.failed("busy", "all " + most + " connections are in use"));
    drop(idlest.getKey(), idlest.getValue());
  }

  private void open(Kept fresh, User user) {
    opening++;
    work.execute(() -> {
      try {
        fresh.connection.complete(user.type().open(user.config(), user.credentials(), ways));
      } catch (Undelivered | RuntimeException | LinkageError failed) {
        fresh.connection.completeExceptionally(failed);
      } catch (InterruptedException stopped) {
        fresh.connection.completeExceptionally(
            Undelivered.failed("cancelled", "this instance is stopping"));
      } finally {
        opened();
      }
    });
  }

  private synchronized void opened() {
    opening--;
  }

  private static Connection await(Kept mine, Duration limit)
      throws Undelivered, InterruptedException {
    try {
      return mine.connection.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      throw Undelivered.failed(
          "connect_timeout", "no connection within " + limit.toMillis() + " ms");
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case Undelivered known -> throw known;
        case null, default -> {
          LOG.atError().setCause(failed.getCause()).log("a connection could not be opened");
          throw Undelivered.failed("internal", "the connection could not be opened");
        }
      }
    }
  }

  private synchronized void leave(Object site, Kept mine) {
    mine.uses--;
    mine.idleSince = System.nanoTime();
    if (kept.get(site) != mine) {
      closeIfUnused(mine); // it was dropped meanwhile
    } else if (mine.isOver()) {
      drop(site, mine);
    }
  }

  private void drop(Object site, Kept each) {
    kept.remove(site, each);
    closeIfUnused(each);
  }

  /// Also one that is not open yet: it is closed as soon as it is.
  private void closeIfUnused(Kept each) {
    if (each.uses > 0) {
      return;
    }
    var _ =
        each.connection.whenComplete((connection, _) -> {
          if (connection != null) {
            work.execute(() -> close(connection));
          }
        });
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (RuntimeException odd) {
      LOG.atDebug().setCause(odd).log("a connection of a destination was not closed well");
    }
  }

  private void lookAfter() {
    try {
      while (!end.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        sweep(System.nanoTime());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /// Closes what nobody needs any more.
  synchronized void sweep(long now) {
    for (var entry : List.copyOf(kept.entrySet())) {
      var each = entry.getValue();
      each.users.entrySet().removeIf(user -> !isCurrent.test(user.getKey(), user.getValue()));
      boolean over = each.isOver(); // also while it is used: it may end what hangs
      boolean idle = now - each.idleSince > IDLE.toNanos();
      if (over || (each.uses == 0 && (idle || each.users.isEmpty()))) {
        drop(entry.getKey(), each);
      }
    }
  }

  /// How many there are, those that are being opened included.
  synchronized int size() {
    return kept.size();
  }

  /// Whatever is under way fails.
  @Override
  public void close() {
    end.countDown();
    var all = new ArrayList<Kept>();
    synchronized (this) {
      all.addAll(kept.values());
      kept.clear();
    }
    for (var each : all) {
      var _ =
          each.connection.whenComplete((connection, _) -> {
            if (connection != null) {
              close(connection);
            }
          });
    }
    work.shutdownNow();
  }
}
