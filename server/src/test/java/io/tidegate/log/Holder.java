package io.tidegate.log;

import io.tidegate.log.RecordLog.Claim;
import io.tidegate.log.RecordLog.Ownership;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An owner that begins when it is told to.
final class Holder implements RecordLog.Owner {
  final List<String> values = new CopyOnWriteArrayList<>();
  final Map<Integer, Claim> claims = new ConcurrentHashMap<>();
  final Map<Integer, Long> truncated = new ConcurrentHashMap<>();
  volatile Consumer<Claim> atRelease = _ -> {};

  private volatile @Nullable Ownership membership;

  void takePart(Ownership membership) {
    this.membership = membership;
  }

  Ownership membership() {
    return Objects.requireNonNull(membership);
  }

  Claim claim(int partition) {
    return Objects.requireNonNull(claims.get(partition));
  }

  @Override
  public void assigned(Claim claim) {
    claims.put(claim.partition(), claim);
  }

  @Override
  public CompletableFuture<?> release(Collection<Integer> partitions) {
    return CompletableFuture.runAsync(
        () -> partitions.forEach(partition -> atRelease.accept(claim(partition))));
  }

  @Override
  public void records(int partition, List<Stored> records, long next) {
    records.forEach(record -> values.add(Objects.requireNonNull(record.value()).utf8()));
  }

  @Override
  public void truncated(int partition, long first) {
    truncated.put(partition, first);
  }

  boolean has(String... wanted) {
    return values.containsAll(List.of(wanted));
  }
}
