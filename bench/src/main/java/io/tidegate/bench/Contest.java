package io.tidegate.bench;

/// What a side is put through in one turn.
record Contest(Work work, int connections, Pace pace, Timing timing) {

  byte[] request() {
    return work.request();
  }

  Contest at(Pace other) {
    return new Contest(work, connections, other, timing);
  }

  Contest during(Timing other) {
    return new Contest(work, connections, pace, other);
  }
}
