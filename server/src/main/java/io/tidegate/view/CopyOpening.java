package io.tidegate.view;

import io.tidegate.log.RecordLog.TopicInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes a copy of a topic out of what is on disk of it: decides whether that is still the same
/// topic, where reading goes on, and takes the newest part into memory.
final class CopyOpening {
  private static final Logger LOG = LoggerFactory.getLogger(CopyOpening.class);

  private final ViewParts parts;
  private final TopicInfo info;
  private final AtomicLong version;

  CopyOpening(ViewParts parts, TopicInfo info, AtomicLong version) {
    this.parts = parts;
    this.info = info;
    this.version = version;
  }

  /// To be called on a thread that may read the disk.
  ///
  /// @param live whether a partition of which nothing is known begins at its end
  TopicCopy open(Set<String> indexed, boolean live) {
    var shelf = parts.catalog().shelf(info, indexed);
    var copy = copy(shelf);
    try (var reader = parts.reads().reader(copy)) {
      var positions = reader.positions();
      if (isSameTopic(positions)) {
        begin(copy, positions, live);
        if (reader.hasStrays()) {
          copy.expectStrays();
        }
        warm(copy, reader);
        return copy;
      }
    }
    LOG.atWarn()
        .addKeyValue("topic", info.name())
        .log("the topic ends before what was read of it: its view is built anew");
    parts.catalog().drop(info.name());
    var anew = copy(parts.catalog().shelf(info, indexed));
    begin(anew, Progress.NONE, live);
    return anew;
  }

  private TopicCopy copy(TopicShelf shelf) {
    return new TopicCopy(
        info, shelf, version, new ReadCache(Math.max(1, parts.options().memoryBytes() / 16)));
  }

  private boolean isSameTopic(Progress positions) {
    for (var position : positions.offsets().entrySet()) {
      var end = info.endOffsets().get(position.getKey());
      if (position.getKey() >= info.partitions() || (end != null && end < position.getValue())) {
        return false;
      }
    }
    return true;
  }

  private void begin(TopicCopy copy, Progress positions, boolean live) {
    // A partition that was added while we were away is read whole.
    boolean atEnd = live && positions.offsets().isEmpty();
    for (var memory : copy.partitions()) {
      var position = positions.offsets().get(memory.partition());
      var first = info.firstOffsets().get(memory.partition());
      var end = info.endOffsets().get(memory.partition());
      if (position != null) {
        memory.startAt(first == null ? 0 : first, Math.max(first == null ? 0 : first, position));
      } else if (first != null && end != null) {
        memory.startAt(first, atEnd ? end : first);
        memory.warmedAll();
      }
      if (memory.isPlaced() && end != null && memory.next() >= end) {
        memory.becomeReady();
      }
    }
  }

  private void warm(TopicCopy copy, ShelfReader reader) {
    long room = parts.budget().room();
    for (var memory : copy.partitions()) {
      if (memory.isComplete()) {
        continue;
      }
      long share = room / copy.partitionCount();
      boolean all =
          reader.newestFirst(
              memory.partition(),
              stored -> {
                if (memory.bytes() >= share) {
                  return false;
                }
                memory.warm(stored);
                return true;
              });
      if (all) {
        memory.warmedAll();
      }
    }
  }

  /// Where the log is to be followed from.
  static Map<Integer, Long> positions(TopicCopy copy) {
    var next = new HashMap<Integer, Long>();
    for (var memory : copy.partitions()) {
      if (memory.isPlaced()) {
        next.put(memory.partition(), memory.next());
      }
    }
    return next;
  }
}
