package io.tidegate.edge;

import io.tidegate.base.AddressRules;
import io.tidegate.http.Call;
import io.tidegate.http.Client;
import io.tidegate.http.Client.Failure;
import io.tidegate.plan.OutboundHttp;
import io.tidegate.vault.ClientTls;
import io.tidegate.vault.Watched;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Requests to servers that others name, over the event loops of the process.
///
/// Everything that concerns one authority happens on one event loop, so there is no lock; a call
/// costs one hop to that loop and one back. Any number of threads may call.
///
///     send --> OutboundLoop --> OutboundPool (one for each destination) --> OutboundLine --> socket
///                                    '--no free line--> Dialling: name, check, connect, proxy, TLS
public final class OutboundCalls implements Client {
  private static final Logger LOG = LoggerFactory.getLogger(OutboundCalls.class);
  private static final long CLOSE_SECONDS = 5;

  private final Edge edge;
  private final List<OutboundLoop> loops;
  private final ForcedFields forced;
  private final Optional<Watched<ClientTls>> material;
  private volatile boolean closed;

  private OutboundCalls(
      Edge edge,
      List<OutboundLoop> loops,
      ForcedFields forced,
      Optional<Watched<ClientTls>> material) {
    this.edge = edge;
    this.loops = List.copyOf(loops);
    this.forced = forced;
    this.material = material;
  }

  /// Opens no connection yet.
  ///
  /// @throws io.tidegate.vault.VaultFault when certificates cannot be had
  /// @throws IllegalArgumentException for an address list with a faulty entry
  public static OutboundCalls open(Edge edge, OutboundHttp plan) {
    return open(edge, plan, new DnsNames.Maker(edge), Pooling.USUAL);
  }

  static OutboundCalls open(Edge edge, OutboundHttp plan, Names.Maker names, Pooling pooling) {
    var rules = AddressRules.of(plan.addresses().allow(), plan.addresses().deny());
    var material =
        plan.tls()
            .map(tls ->
                edge.vaults().watch(plan.name(), ClientTls.stores(tls), () -> ClientTls.load(tls)));
    var engines =
        plan.tls().flatMap(tls -> material.map(it -> new TlsEngines(tls, plan.versions(), it)));
    var way = new OutboundWay(edge, plan, rules, engines, pooling);
    var loops =
        edge.loops().stream()
            .map(loop -> new OutboundLoop(loop, way, names.on(loop.eventLoop)))
            .toList();
    var calls = new OutboundCalls(edge, loops, ForcedFields.of(plan.headers()), material);
    edge.uses(calls);
    return calls;
  }

  @Override
  public Result send(Call call, Limits limits) {
    var waiting = new Waiting(Thread.currentThread());
    return waiting.await(begin(call, limits, waiting));
  }

  /// The same without a thread that waits.
  ///
  /// @param then called once, on an event loop (or at once, on this thread, when closed); must not
  ///   block
  public void start(Call call, Limits limits, Consumer<Result> then) {
    var _ = begin(call, limits, then);
  }

  private OutboundCall begin(Call call, Limits limits, Consumer<Result> then) {
    var changed = forced.on(call);
    var destination = Destination.of(changed);
    var loop = loops.get(Math.floorMod(destination.hashCode(), loops.size()));
    var begun = new OutboundCall(changed, destination, limits, then, loop);
    try {
      RequestText.check(changed);
      if (closed) {
        begun.cancel("the client is closed");
      } else {
        loop.begin(begun);
      }
    } catch (IllegalArgumentException smuggles) {
      begun.fail(Failure.PROTOCOL, "the request cannot be sent: " + smuggles.getMessage());
    }
    return begun;
  }

  /// Connections that are open now.
  public int connections() {
    return loops.stream().mapToInt(OutboundLoop::connections).sum();
  }

  /// Servers for which something is kept.
  public int destinations() {
    return loops.stream().mapToInt(OutboundLoop::destinations).sum();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    var done = new CountDownLatch(loops.size());
    loops.forEach(loop -> loop.close(done::countDown));
    try {
      if (!done.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.atWarn().log("outbound connections did not close in time");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    edge.usesNoMore(this);
    material.ifPresent(Watched::close);
  }

  /// A thread that waits for its result. An interrupt ends the call, not the waiting for its end.
  ///
  /// The wait has no limit of its own, which would cost a timer for each call: the event loop holds
  /// the call to its limits, and a client is closed before its event loops are.
  private static final class Waiting implements Consumer<Result> {
    private final Thread thread;
    private volatile @Nullable Result result;

    Waiting(Thread thread) {
      this.thread = thread;
    }

    @Override
    public void accept(Result came) {
      result = came;
      LockSupport.unpark(thread);
    }

    Result await(OutboundCall call) {
      boolean interrupted = false;
      for (var came = result; ; came = result) {
        if (came != null) {
          if (interrupted) {
            thread.interrupt();
          }
          return came;
        }
        LockSupport.park(this);
        if (Thread.interrupted() && !interrupted) {
          interrupted = true;
          call.cancelLater("its thread was interrupted");
        }
      }
    }
  }
}
