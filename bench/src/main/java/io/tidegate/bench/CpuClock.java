package io.tidegate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Reads from `/proc` how much processor time a server, this driver and the whole machine have
/// used, so that what others used beside us can be told. Where there is no `/proc` the figures are
/// not numbers.
final class CpuClock {

  /// The kernel reports hundredths of a second to programs, on every architecture.
  private static final double TICKS_PER_SECOND = 100;

  private final ProcessHandle server;

  CpuClock(ProcessHandle server) {
    this.server = server;
  }

  /// Seconds used so far. What the machine used includes the other two.
  record Reading(double server, double driver, double machine) {

    Reading since(Reading before) {
      return new Reading(
          Math.max(0, server - before.server),
          Math.max(0, driver - before.driver),
          Math.max(0, machine - before.machine));
    }

    /// What neither the server nor the driver used.
    double foreign() {
      return Math.max(0, machine - server - driver);
    }
  }

  Reading read() {
    var servers = family().mapToDouble(CpuClock::secondsOf).sum();
    return new Reading(servers, secondsOf(ProcessHandle.current()), machineSeconds());
  }

  /// Resident memory of the server, in MiB.
  double residentMiB() {
    return family().mapToDouble(CpuClock::residentMiB).sum();
  }

  /// A launcher may stand between us and the server, and the server may have children.
  private Stream<ProcessHandle> family() {
    return Stream.concat(Stream.of(server), server.descendants());
  }

  private static double secondsOf(ProcessHandle process) {
    try {
      return processSeconds(Files.readString(proc(process, "stat")));
    } catch (IOException _) {
      return process.isAlive() ? Double.NaN : 0;
    }
  }

  private static double machineSeconds() {
    try {
      return machineSeconds(Files.readAllLines(Path.of("/proc/stat")));
    } catch (IOException _) {
      return Double.NaN;
    }
  }

  private static double residentMiB(ProcessHandle process) {
    try {
      return residentMiB(Files.readAllLines(proc(process, "status")));
    } catch (IOException _) {
      return process.isAlive() ? Double.NaN : 0;
    }
  }

  private static Path proc(ProcessHandle process, String file) {
    return Path.of("/proc", Long.toString(process.pid()), file);
  }

  /// The name of the program, in brackets, may hold spaces and brackets; what counts comes after
  /// it.
  static double processSeconds(String stat) {
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /// User, nice, system, interrupts and what the hypervisor took; not idle, not waiting for a disk.
  static double machineSeconds(List<String> stat) {
    var fields = stat.getFirst().split(" +", -1);
    var busy = 0L;
    for (var field : new int[] {1, 2, 3, 6, 7, 8}) {
      busy += Long.parseLong(fields[field]);
    }
    return busy / TICKS_PER_SECOND;
  }

  static double residentMiB(List<String> status) {
    return status.stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
        .findFirst()
        .orElse(0);
  }
}
