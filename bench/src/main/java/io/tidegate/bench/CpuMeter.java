package io.tidegate.bench;

/// Processor time of a side, of the node beside it, of this driver, and of everybody else, in
/// cores, since the meter was made.
final class CpuMeter {
  private final CpuClock side;
  private final CpuClock node;
  private final long began = System.nanoTime();
  private final CpuClock.Reading sideBefore;
  private final CpuClock.Reading nodeBefore;

  record Used(double side, double node, double driver, double foreign, double seconds) {}

  CpuMeter(CpuClock side, CpuClock node) {
    this.side = side;
    this.node = node;
    this.sideBefore = side.read();
    this.nodeBefore = node.read();
  }

  Used used() {
    double seconds = (System.nanoTime() - began) / 1e9;
    var bySide = side.read().since(sideBefore);
    var byNode = node.read().since(nodeBefore).server();
    return new Used(
        bySide.server() / seconds,
        byNode / seconds,
        bySide.driver() / seconds,
        Math.max(0, bySide.foreign() - byNode) / seconds,
        seconds);
  }
}
