package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// What is known of a partition at one moment, as it is written down.
///
/// @param resume where reading goes on: everything owed below it is owed by one of `lanes`
/// @param horizon below it, what is not owed is settled
/// @param ranges those parts of what is owed that changed since they were last written
/// @param owing numbers of all ranges in which something is owed
/// @param lanes those that are behind
/// @param journal the partition of the journal
/// @param from the line of the journal from which on it says more than this
/// @param ordering what lanes were made of: under another one they mean nothing
record Checkpoint(
    long low,
    long resume,
    long horizon,
    List<RangeNote> ranges,
    List<Long> owing,
    List<LaneNote> lanes,
    int journal,
    long from,
    String ordering) {

  private static final int VERSION = 1;
  private static final int MANY = 4096;

  /// @param upTo where not everything was read: offsets from there on are not spoken of
  record RangeNote(long number, long upTo, Bytes bytes) {

    static RangeNote of(OffsetSet.Range range, long upTo) {
      var out = new Packed.Writer(2 * Math.min(range.count(), MANY) + 16);
      out.put(VERSION).number(upTo);
      if (range.count() <= MANY) {
        out.put(0).number(range.count());
        var before = new long[] {range.number * OffsetSet.RANGE};
        range.forEach(offset -> {
          out.number(offset - before[0]);
          before[0] = offset;
        });
      } else {
        var bits = new byte[OffsetSet.RANGE / 8];
        range.forEach(offset -> {
          var low = (int) (offset % OffsetSet.RANGE);
          bits[low >> 3] = (byte) (bits[low >> 3] | (1 << (low & 7)));
        });
        out.put(1).raw(bits);
      }
      return new RangeNote(range.number, upTo, out.bytes());
    }

    static RangeNote unpack(long number, Bytes bytes) {
      var in = reader(bytes);
      return new RangeNote(number, in.number(), bytes);
    }

    void addTo(OffsetSet owed) {
      var in = reader(bytes);
      in.number();
      var start = number * OffsetSet.RANGE;
      if (in.take() == 0) {
        var count = in.count();
        for (var i = 0; i < count; i++) {
          start += in.number();
          owed.add(start);
        }
      } else {
        var bits = in.raw().array();
        for (var low = 0; low < 8 * bits.length; low++) {
          if ((bits[low >> 3] & (1 << (low & 7))) != 0) {
            owed.add(start + low);
          }
        }
      }
    }
  }

  private static Packed.Reader reader(Bytes bytes) {
    var in = new Packed.Reader(bytes);
    if (in.take() != VERSION) {
      throw new IllegalArgumentException("a checkpoint of another version");
    }
    return in;
  }

  /// A lane that is behind.
  ///
  /// @param more its records from here up to `resume` must be looked for; -1: there are none
  record LaneNote(Bytes id, String authority, long more, boolean gone, List<Aside> asides) {
    LaneNote {
      asides = List.copyOf(asides);
    }
  }

  /// A record that was tried or stands at the head of its lane.
  record Aside(
      long offset,
      long timestamp,
      long seen,
      int attempts,
      long dueAt,
      boolean blocked,
      String word) {}

  /// Lanes in pieces of about `size` bytes.
  static List<Bytes> pack(List<LaneNote> lanes, int size) {
    var chunks = new ArrayList<Bytes>();
    var out = new Packed.Writer(1024).put(VERSION);
    for (var lane : lanes) {
      pack(lane, out);
      if (out.size() > size) {
        chunks.add(out.bytes());
        out = new Packed.Writer(size + 1024).put(VERSION);
      }
    }
    if (out.size() > 1) {
      chunks.add(out.bytes());
    }
    return chunks;
  }

  private static void pack(LaneNote lane, Packed.Writer out) {
    out.raw(lane.id).text(lane.authority).number(lane.more + 1).put(lane.gone ? 1 : 0);
    out.number(lane.asides.size());
    for (var aside : lane.asides) {
      out.number(aside.offset)
          .number(aside.timestamp)
          .number(aside.seen)
          .number(aside.attempts)
          .number(aside.dueAt)
          .put(aside.blocked ? 1 : 0)
          .text(aside.word);
    }
  }

  static void unpack(Bytes chunk, Consumer<LaneNote> each) {
    var in = reader(chunk);
    while (!in.isAtEnd()) {
      var id = in.raw();
      var authority = in.text();
      var more = in.number() - 1;
      var gone = in.take() == 1;
      var asides = new ArrayList<Aside>();
      for (var left = in.count(); left > 0; left--) {
        asides.add(
            new Aside(
                in.number(),
                in.number(),
                in.number(),
                in.count(),
                in.number(),
                in.take() == 1,
                in.text()));
      }
      each.accept(new LaneNote(id, authority, more, gone, asides));
    }
  }

  /// The part that says where the others are.
  ///
  /// @param ranges the offset in the topic of each range, by its number
  /// @param lanes the offsets of the pieces
  record Head(
      long low,
      long resume,
      long horizon,
      int journal,
      long from,
      String ordering,
      int slot,
      java.util.NavigableMap<Long, Long> ranges,
      List<Long> lanes) {

    Bytes pack() {
      var out = new Packed.Writer(64 + 8 * ranges.size() + 8 * lanes.size()).put(VERSION);
      out.number(low).number(resume).number(horizon).number(journal).number(from);
      out.text(ordering).put(slot);
      out.number(ranges.size());
      ranges.forEach((number, offset) -> out.number(number).number(offset));
      out.number(lanes.size());
      lanes.forEach(out::number);
      return out.bytes();
    }

    static Head unpack(Bytes bytes) {
      var in = reader(bytes);
      var low = in.number();
      var resume = in.number();
      var horizon = in.number();
      var journal = in.count();
      var from = in.number();
      var ordering = in.text();
      var slot = in.take();
      var ranges = new java.util.TreeMap<Long, Long>();
      for (var left = in.count(); left > 0; left--) {
        ranges.put(in.number(), in.number());
      }
      var lanes = new ArrayList<Long>();
      for (var left = in.count(); left > 0; left--) {
        lanes.add(in.number());
      }
      return new Head(low, resume, horizon, journal, from, ordering, slot, ranges, lanes);
    }
  }
}
