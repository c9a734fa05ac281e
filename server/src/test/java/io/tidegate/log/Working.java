package io.tidegate.log;

import io.tidegate.log.RecordLog.Ownership;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// An owner that keeps what it is given.
final class Working implements RecordLog.Owner {
  final List<String> values = new CopyOnWriteArrayList<>();
  final List<Long> began = new CopyOnWriteArrayList<>();
  final Set<Integer> owned = ConcurrentHashMap.newKeySet();
  final AtomicInteger failures = new AtomicInteger(-1);

  private volatile @Nullable Ownership membership;

  void takePart(Ownership membership) {
    this.membership = membership;
  }

  Ownership membership() {
    return Objects.requireNonNull(membership);
  }

  @Override
  public void assigned(int partition, long next) {
    owned.add(partition);
    began.add(next);
  }

  @Override
  public void records(int partition, List<Stored> records, long next) {
    if (failures.get() >= 0 && failures.getAndDecrement() > 0) {
      throw new IllegalStateException("dropped it");
    }
    records.forEach(record -> values.add(Objects.requireNonNull(record.value()).utf8()));
  }

  @Override
  public void revoked(int partition) {
    owned.remove(partition);
  }

  boolean has(String... wanted) {
    return values.containsAll(List.of(wanted));
  }
}
