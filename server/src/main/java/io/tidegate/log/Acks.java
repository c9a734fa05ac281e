package io.tidegate.log;

/// Whose acknowledgement an append waits for (`acks` of a Kafka producer: 0, 1, all).
public enum Acks {
  NONE,
  LEADER_ONLY,
  IN_SYNC_REPLICAS
}
