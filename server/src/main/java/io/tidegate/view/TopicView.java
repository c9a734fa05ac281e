package io.tidegate.view;

import io.tidegate.base.Bytes;
import io.tidegate.log.RecordLog.From;
import io.tidegate.log.Stored;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// One topic held ready for any number of readers, fed by one consumer per partition.
///
/// On a topic that is compacted, only the newest record of each key exists, at once, whatever the
/// broker has compacted so far; a tombstone hides its key from `newest` and `each`.
///
/// All methods may be called from an event loop and never block. Answers that memory has come
/// before the method returns; those that need the disk come from another thread. Both are given
/// once.
public interface TopicView {

  String topic();

  /// The offset after the last record applied, of every partition.
  Progress applied();

  /// Changes with every batch applied. Two equal numbers mean: nothing happened in between.
  long version();

  /// The newest record that matches, a tombstone included. Waits (bounded, a few seconds) while the
  /// partitions that can hold it are still catching up with the end they had when the view opened:
  /// for a key that is the partition the key hashes to, else all.
  void newest(Match match, Consumer<Newest> then);

  /// All live records that match, tombstones left out: offset order per partition, partitions in
  /// turn.
  default void each(Match match, Scan scan) {
    each(match, Progress.NONE, scan);
  }

  /// The same, of what lies at `from` and beyond, so that a scan which was stopped can go on.
  /// Partitions that `from` does not name are read from their beginning. What changed meanwhile may
  /// come twice.
  void each(Match match, Progress from, Scan scan);

  /// Calls `onRecord` for each matching record applied from now on, on the thread that applies it,
  /// until closed. Tombstones are records too.
  Watch watch(Match match, Consumer<Stored> onRecord);

  /// Reads on and on: what there is, then what comes, in offset order per partition. A partition
  /// that has caught up begins at once, whatever the others do. The reader gets what it asks for
  /// with `request` and nothing before; one that asks slowly is not waited for, and costs nothing
  /// but its place. On a compacted topic it sees the newest record of each key and then the
  /// changes; tombstones are records too. Offsets that the log has lost are passed over.
  ///
  /// @param next the offsets to go on from, by partition; one that is past the end counts as
  ///   unknown
  /// @param otherwise where partitions begin that are not named
  Follow follow(Match match, Map<Integer, Long> next, From otherwise, Reader reader);

  /// Runs `then` when everything up to and including `offset` is applied; at once if it is.
  Watch whenApplied(int partition, long offset, Runnable then);

  /// Empty when the view follows its topic, else what keeps it from doing so.
  Optional<String> check();

  /// The partition that a key hashes to (murmur2, as the Java client does it).
  int partitionOf(Bytes key);

  /// What `newest` found.
  sealed interface Newest {
    record Found(Stored record) implements Newest {}

    record Absent() implements Newest {}

    /// Not known (yet): the view is catching up, or its topic or cluster is away.
    record Unready(String cause) implements Newest {}
  }

  /// Receives what `each` finds, in batches, on any thread, one call at a time.
  interface Scan {

    /// More is read only after this returns. False stops the scan.
    boolean records(List<Stored> batch);

    /// All was seen. `upTo` is the progress that the scan reflects.
    void end(Progress upTo);

    /// Not known (yet), as in `Unready`.
    void unready(String cause);
  }

  /// Receives what `follow` reads: on any thread, one call at a time, never before `started`. Must
  /// not block.
  interface Reader {

    /// The topic is there, and what it holds will follow.
    default void started() {}

    /// What comes next, never more than was asked for. Readers that are abreast get the same
    /// events.
    void records(List<Event> events);

    /// Nothing will come any more: there is no such topic, it was made anew, or the view closes.
    /// Not called when the reader closes it.
    void ended(String cause);
  }

  /// A running `follow`.
  interface Follow extends Watch {

    /// Allows that many records more. Any thread may call it, also from within `records`.
    void request(int records);
  }

  /// Something that goes on until closed. Closing twice does nothing.
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
