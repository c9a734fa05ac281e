package io.tidegate.log;

import io.tidegate.base.Time;
import java.time.Duration;
import java.util.OptionalLong;

/// One partition that a member owns: how far it was read, and how far it is done. What is asked of
/// it goes to the member's thread as a note, which alone changes it.
final class Holding implements RecordLog.Claim {
  /// A member is missed after six seconds. What was proved is that old at most, with a margin for
  /// whoever asks and then acts.
  private static final long TRUSTED = Duration.ofSeconds(5).toNanos();

  /// What the group has for this partition.
  record Committed(long position, String remark, boolean isCommitted) {}

  /// Where notes go.
  interface Member {
    void note(Runnable note);

    void steer(Holding holding);

    /// When the group was last known to count this member in, on the clock's nanoseconds.
    long proved();
  }

  private final int partition;
  private final Committed committed;
  private final Member member;
  private final Time time;
  private long next;
  private long done;
  private String remark;
  private long sent;
  private String sentRemark;
  private boolean begun;
  private boolean moved;
  private boolean paused;
  private volatile boolean over;
  private volatile long unread = -1;

  Holding(int partition, Committed committed, Member member, Time time) {
    this.partition = partition;
    this.committed = committed;
    this.member = member;
    this.time = time;
    this.next = committed.position;
    this.done = committed.position;
    this.sent = committed.position;
    this.remark = committed.remark;
    this.sentRemark = committed.remark;
  }

  @Override
  public int partition() {
    return partition;
  }

  @Override
  public long position() {
    return committed.position;
  }

  @Override
  public String remark() {
    return committed.remark;
  }

  @Override
  public boolean isCommitted() {
    return committed.isCommitted;
  }

  @Override
  public void begin(long next) {
    note(() -> {
      moved |= next != this.next;
      if (next < done) {
        outlive(next); // what is committed is void, or the owner would not begin below it
      }
      this.next = next;
      begun = true;
      member.steer(this);
    });
  }

  @Override
  public void commit(long next, String remark) {
    note(() -> done(next, remark));
  }

  @Override
  public void pause() {
    note(() -> {
      paused = true;
      member.steer(this);
    });
  }

  @Override
  public void resume() {
    note(() -> {
      paused = false;
      member.steer(this);
    });
  }

  @Override
  public boolean holds() {
    return !over && time.nanos() - member.proved() < TRUSTED;
  }

  @Override
  public OptionalLong unread() {
    var known = unread;
    return known < 0 ? OptionalLong.empty() : OptionalLong.of(known);
  }

  private void note(Runnable what) {
    member.note(() -> {
      if (!over) {
        what.run();
      }
    });
  }

  // From here on: the member's thread.

  boolean isBegun() {
    return begun;
  }

  boolean isPaused() {
    return paused || !begun;
  }

  /// True once after it was told to begin elsewhere.
  boolean isMoved() {
    var was = moved;
    moved = false;
    return was;
  }

  long next() {
    return next;
  }

  void read(long next) {
    this.next = next;
  }

  /// What was to be read is gone. A topic that was created again begins lower than it was.
  void goOn(long first) {
    if (first < next) {
      outlive(Math.min(done, first));
    }
    next = first;
  }

  private void outlive(long first) {
    done = first;
    remark = "";
    sent = -1;
  }

  void unread(long count) {
    unread = count;
  }

  void done(long next, String remark) {
    if (next >= done) {
      done = next;
      this.remark = remark;
    }
  }

  void done(long next) {
    done(next, remark);
  }

  boolean hasNews() {
    return done > sent || !remark.equals(sentRemark);
  }

  /// Not worth it is a position that nobody reached: whoever begins there has to know that nothing
  /// was ever committed.
  boolean isWorthKnowing() {
    return begun || committed.isCommitted;
  }

  long done() {
    return done;
  }

  String doneRemark() {
    return remark;
  }

  void sent() {
    sent = done;
    sentRemark = remark;
  }

  void end() {
    over = true;
  }
}
