package io.tidegate.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Puts a target under load for a while and reads the processor clocks where the measured time
/// begins and ends. One thread drives up to a hundred thousand requests a second; more threads
/// share the connections.
record Driver(int threads) {

  /// @return the tally and what was used while it was taken
  Turn drive(Target target, Contest contest) {
    var wires = open(target, contest);
    try (var workers = Executors.newFixedThreadPool(wires.size())) {
      var span = Span.of(System.nanoTime(), contest.timing().lead(), contest.timing().measured());
      var pace = contest.pace().shared(wires.size());
      var loads = wires.stream().map(wire -> new Load(wire, pace, span)).toList();
      var running = loads.stream().map(load -> workers.submit(load::run)).toList();
      var cpu = target.cpu();
      sleepUntil(span.from());
      var before = cpu.read();
      sleepUntil(span.until());
      var used = cpu.read().since(before);
      return Turn.of(sum(running), used, span.measuredSeconds(), cpu.residentMiB());
    } catch (ExecutionException failed) {
      throw target.failure("cannot be reached any more (" + failed.getCause() + ")");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new BenchFailure("interrupted");
    } finally {
      wires.forEach(Wire::close);
    }
  }

  private List<Wire> open(Target target, Contest contest) {
    var count = Math.min(threads, contest.connections());
    var wires = new ArrayList<Wire>();
    try {
      for (var number = 0; number < count; number++) {
        var share =
            contest.connections() / count + (number < contest.connections() % count ? 1 : 0);
        wires.add(SocketWire.open(target.address(), contest.request(), share));
      }
      return wires;
    } catch (IOException refused) {
      wires.forEach(Wire::close);
      throw target.failure("refuses connections (" + refused + ")");
    }
  }

  private static Tally sum(List<Future<Tally>> running)
      throws ExecutionException, InterruptedException {
    var all = new Tally();
    for (var load : running) {
      all.add(load.get());
    }
    return all;
  }

  private static void sleepUntil(long moment) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(moment - System.nanoTime());
  }
}
