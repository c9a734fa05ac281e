package io.tidegate.broker;

/// What an acknowledged record survives.
public enum Durability {
  /// The end of the process, `kill -9` too: records are in the system's page cache.
  PAGE_CACHE,
  /// A power failure as well: every append is synced to the disk first. Several times slower.
  FSYNC
}
