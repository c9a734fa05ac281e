package io.tidegate.bench;

/// One side's figures for one stretch of load. Latencies are in milliseconds; processor time is in
/// cores (seconds per second) unless it says otherwise.
///
/// @param successes in the measured time
/// @param cpuPer100k seconds of the server's processor time for 100 000 requests
/// @param foreignCores what processes other than server and driver used, the waiting other side
///   among them: the noise
/// @param driverCores near the number of driver threads, the driver is the limit and not the server
/// @param failures replies that were no success, and broken connections
/// @param unfinished requests without a reply when the time was up
record Turn(
    long successes,
    double perSecond,
    double p50,
    double p99,
    double p999,
    double max,
    double cpuPer100k,
    double residentMiB,
    double foreignCores,
    double driverCores,
    long failures,
    long unfinished) {

  static Turn of(Tally tally, CpuClock.Reading used, double seconds, double residentMiB) {
    return new Turn(
        tally.count(),
        tally.count() / seconds,
        tally.millis(50),
        tally.millis(99),
        tally.millis(99.9),
        tally.maxMillis(),
        used.server() * 100_000 / Math.max(1, tally.count()),
        residentMiB,
        used.foreign() / seconds,
        used.driver() / seconds,
        tally.failures(),
        tally.unfinished());
  }
}
