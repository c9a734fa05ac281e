package io.tidegate.log;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// One cluster of topics: append to them, follow them.
///
/// `append` may be called from an event loop: it never blocks, and answers within the log's time
/// limit (5 s), whatever happens to the cluster. Everything else may wait and belongs on a virtual
/// thread. Any thread may call any method.
public interface RecordLog extends AutoCloseable {

  /// Appends `entry`, and says once how that ended, on a thread that must not be held up.
  void append(Entry entry, Acks acks, Consumer<Appended> then);

  /// What the cluster says about a topic; empty when there is none of that name.
  ///
  /// @throws LogUnavailable when the cluster does not answer within `limit`
  Optional<TopicInfo> describe(String topic, Duration limit);

  /// Creates those topics of `wanted` that do not exist. What exists is left as it is.
  ///
  /// @throws LogUnavailable when the cluster does not answer within `limit`
  void create(Collection<TopicSpec> wanted, Duration limit);

  /// Follows all partitions of a topic from the given offsets (partitions not named start where
  /// `from` says), delivering committed records in order per partition, for ever, until it is
  /// closed. Partitions that are added later are followed from their beginning.
  Tail follow(String topic, Map<Integer, Long> next, From from, Follower follower);

  /// Takes part in the work on a topic as a member of `group`: each partition is owned by one
  /// member at a time, which reads it on from the group's committed position. It passes to another
  /// member when the owner closes, at once, or falls silent, after seconds.
  ///
  /// A member that was held up may believe for a moment that it still owns what it has lost, and
  /// what it appended may still arrive: what is written must bear that (see
  /// `docs/decisions/one-writer-by-version.md`).
  Ownership own(String topic, String group, Owner owner);

  /// Reads committed records of one partition from `from` on, up to its end or about `bytes`
  /// (always at least one record, if there is one). For a look at places here and there; who wants
  /// all of a topic follows it.
  ///
  /// @throws LogUnavailable when the cluster does not answer within `limit`
  Stretch read(String topic, int partition, long from, int bytes, Duration limit);

  /// Empty when all is well, else what is wrong.
  Optional<String> check(Duration limit);

  /// Finishes what was accepted, within a few seconds.
  @Override
  void close();

  /// Where to start a partition of which nothing is known.
  enum From {
    EARLIEST,
    LATEST
  }

  /// Receives what a `follow` reads. Called by one thread at a time, one for each `follow`: a
  /// follower that takes long delays the other partitions of its own topic, and no other topic.
  interface Follower {

    /// Records of one partition in offset order, and `next`, the offset after everything read so
    /// far (which may be past the last record, behind transaction markers or compacted ones, also
    /// without any record). When it throws, the same records are delivered again a second later.
    void records(int partition, List<Stored> records, long next);

    /// The partition was read up to the end that it had when following began: at once when it was
    /// empty. Said again when the partition begins anew, after `truncated`.
    void caughtUp(int partition, long next);

    /// The log no longer has anything below `first` (retention): what was owed from there is gone,
    /// and reading goes on at `first`. If more than that had been read already, the topic was
    /// created again: all that is known of the partition is void.
    default void truncated(int partition, long first) {}

    /// Reading stumbles, or works again (`Optional.empty`). It goes on by itself.
    default void health(Optional<String> trouble) {}

    /// How long records may gather while they come thick and fast: each look costs the cluster and
    /// us about as much for one record as for a hundred. A record that comes alone is not held up,
    /// one in a stream may be for twice as long. Asked again after each look.
    default Duration gathering() {
      return BRIEFLY;
    }
  }

  /// How long records gather for those who want them soon.
  Duration BRIEFLY = Duration.ofMillis(2);

  /// A running `follow`.
  interface Tail extends AutoCloseable {

    /// Stops the delivery of a partition's records until `resume`; for a follower that is behind.
    /// What is being delivered at the moment may still arrive.
    void pause(int partition);

    void resume(int partition);

    @Override
    void close();
  }

  /// A part of a partition.
  ///
  /// @param records those at or above the offset asked for, in order
  /// @param next the offset after everything read, and not below what the log still has
  /// @param end of the partition, as it was while it was read
  record Stretch(List<Stored> records, long next, long end) {
    public Stretch {
      records = List.copyOf(records);
    }
  }

  /// Works on the partitions that an `own` gives it. Called by one thread at a time, one for each
  /// `own`; whatever takes longer than half a minute loses the partitions.
  interface Owner {

    /// The partition is this member's from now on. Its records are delivered from where the claim
    /// is told to begin, and not before: what must be known first can be read on another thread.
    default void assigned(Claim claim) {
      assigned(claim.partition(), claim.position());
      claim.begin(claim.position());
    }

    /// The same for those who begin at once; its records begin at `next`.
    default void assigned(int partition, long next) {}

    /// These partitions are about to be handed over in order: what is under way should come to an
    /// end and be committed now. The group waits until the answer is complete, up to ten seconds;
    /// `revoked` follows. Not asked for what was lost already.
    default CompletableFuture<?> release(Collection<Integer> partitions) {
      return CompletableFuture.completedFuture(null);
    }

    /// The log no longer has anything below `first`, and reading goes on there. When that is below
    /// what was read already, the topic was created again.
    default void truncated(int partition, long first) {}

    /// Whether it pauses partitions now and then, and wants them back quickly when it resumes them.
    /// That costs some requests while all is quiet.
    default boolean isImpatient() {
      return false;
    }

    /// Records of one partition in offset order, and `next`, the offset after everything read so
    /// far. When it throws, the same records are delivered again a second later.
    void records(int partition, List<Stored> records, long next);

    /// The same in two steps, for those who wait for something with each partition: what one look
    /// has brought is begun for all partitions, and only then waited for.
    ///
    /// @return waits until it is done; called once, soon, on the same thread. When either throws,
    ///   the same records are delivered again
    default Runnable begin(int partition, List<Stored> records, long next) {
      records(partition, records, next);
      return () -> {};
    }

    /// The partition is no longer this member's. Another one may have it already when this member
    /// fell silent.
    default void revoked(int partition) {}

    /// Taking part stumbles, or works again (`Optional.empty`). It goes on by itself.
    default void health(Optional<String> trouble) {}
  }

  /// A running `own`. Any thread may use it.
  interface Ownership extends AutoCloseable {

    /// Everything below `next` is done: the next owner begins there. Takes effect soon, and before
    /// the partition is handed over in order. Without effect on a partition that is not owned.
    void commit(int partition, long next);

    /// As far as this member knows.
    boolean owns(int partition);

    /// Stops the delivery of a partition's records until `resume`, or until it changes hands.
    void pause(int partition);

    void resume(int partition);

    /// Leaves the group: what was committed is kept, what is owned passes on.
    @Override
    void close();
  }

  /// One partition in the hands of one member, from when it is assigned until it is revoked. After
  /// that nothing that is asked of it has any effect. Any thread may use it.
  interface Claim {

    int partition();

    /// Where the group had got to; the beginning when nothing was committed.
    long position();

    /// What was left with that commit; empty when there was none, or when others committed.
    String remark();

    /// False when the group never committed anything here, or so long ago that it is forgotten.
    boolean isCommitted();

    /// Delivers records from that offset on.
    void begin(long next);

    /// Everything below `next` is done: the next owner begins there.
    ///
    /// @param remark handed to the next owner; at most a few hundred characters
    void commit(long next, String remark);

    void pause();

    void resume();

    /// True as long as nobody else can own the partition: false once it is revoked, and while the
    /// group has not been heard of for some seconds, as after a pause of the whole process.
    boolean holds();

    /// How many records of the partition were not read yet; empty while nobody knows.
    OptionalLong unread();
  }

  /// What a topic is, as far as readers need it.
  ///
  /// @param id another one after the topic was deleted and created again; empty when not known
  /// @param compacted `cleanup.policy` contains `compact`
  /// @param deletes `cleanup.policy` contains `delete`
  record TopicInfo(
      String name,
      int partitions,
      boolean compacted,
      boolean deletes,
      Duration retention,
      long retentionBytes,
      Duration tombstoneRetention,
      int maxMessageBytes,
      Map<Integer, Long> firstOffsets,
      Map<Integer, Long> endOffsets,
      String id) {}

  /// A topic to be created.
  record TopicSpec(String name, int partitions, boolean compacted, Map<String, String> settings) {}

  /// The cluster did not answer in time, or not sensibly.
  final class LogUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LogUnavailable(String what, Throwable cause) {
      super(what, cause);
    }
  }
}
