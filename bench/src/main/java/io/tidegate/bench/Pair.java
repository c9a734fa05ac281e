package io.tidegate.bench;

/// One turn of each side, one right after the other.
record Pair(Turn product, Turn skeleton) {

  double throughputRatio() {
    return product.perSecond() / skeleton.perSecond();
  }

  double p99Ratio() {
    return product.p99() / skeleton.p99();
  }

  double cpuRatio() {
    return product.cpuPer100k() / skeleton.cpuPer100k();
  }
}
