package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.delivery.Outbox.Ending;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The dead letters of one pump: puts them back into the topics they came from, as they were, so
/// that they are sent again with the same idempotency keys, from the end of their lanes.
///
/// What is put back stays among the dead letters too, as a topic keeps what it has; whoever says
/// `replay` twice sends twice. Blocks: for virtual threads.
public final class DeadLetters {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ZERO;
  private static final int AT_ONCE = 4 << 20;

  private final String topic;
  private final Set<String> sources;
  private final RecordLog log;
  private final Outbox outbox;

  /// @param sources the topics that the pump reads, and that letters may go back into
  DeadLetters(String topic, Set<String> sources, RecordLog log, Outbox outbox) {
    this.topic = topic;
    this.sources = Set.copyOf(sources);
    this.log = log;
    this.outbox = outbox;
  }

  /// Which of a partition.
  ///
  /// @param from the first offset
  /// @param to the offset after the last one; what lies at or behind the end is not waited for
  /// @param source only those that came from this topic
  /// @param key only those whose key matches this pattern of URLs
  /// @param reason only those given up for this: `gone`, `exhausted`
  /// @param most of them
  public record Selection(
      int partition,
      long from,
      long to,
      Optional<String> source,
      Optional<String> key,
      Optional<String> reason,
      int most) {

    /// All that a partition has.
    public static Selection all(int partition) {
      return new Selection(
          partition,
          0,
          Long.MAX_VALUE,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Integer.MAX_VALUE);
    }
  }

  /// What came of it.
  ///
  /// @param replayed how many were put back
  /// @param passedOver how many of the range were not chosen
  /// @param next where to go on
  /// @param faults a sentence each about letters that could not be put back, at most 20
  public record Replayed(long replayed, long passedOver, long next, List<String> faults) {
    public Replayed {
      faults = List.copyOf(faults);
    }
  }

  /// The topic.
  public String topic() {
    return topic;
  }

  /// @throws LogUnavailable when the cluster is away; what was put back before stays so
  /// @throws IllegalArgumentException when the pattern of the key is none
  public Replayed replay(Selection selection) {
    var run = new Run(selection);
    var end = Long.MAX_VALUE;
    var next = selection.from;
    while (next < Math.min(selection.to, end) && !run.isFull()) {
      var stretch = log.read(topic, selection.partition, next, AT_ONCE, LIMIT);
      end = Math.min(end, stretch.end());
      var before = next;
      next = stretch.next();
      for (var letter : stretch.records()) {
        if (letter.offset() >= selection.to || run.isFull()) {
          return run.ended(letter.offset());
        }
        run.take(letter);
      }
      if (next <= before) {
        break;
      }
    }
    return run.ended(next);
  }

  private final class Run {
    private static final int MOST_FAULTS = 20;

    private final Selection selection;
    private final Optional<UrlPattern> key;
    private final List<String> faults = new ArrayList<>();
    private long replayed;
    private long passedOver;

    Run(Selection selection) {
      this.selection = selection;
      this.key = selection.key.map(UrlPattern::of);
    }

    boolean isFull() {
      return replayed >= selection.most;
    }

    void take(Stored letter) {
      var source = text(letter, RecordWords.TOPIC);
      if (!isChosen(letter, source)) {
        passedOver++;
      } else if (!sources.contains(source)) {
        fault(letter, "does not come from a topic of this binding");
      } else {
        putBack(letter, source);
      }
    }

    private void putBack(Stored letter, String source) {
      var ending = outbox.put(DeadLetterRecords.revived(source, letter), "replayed", PATIENCE);
      if (ending == Ending.STORED) {
        replayed++;
      } else {
        fault(letter, "is not taken by topic " + source);
      }
    }

    private boolean isChosen(Stored letter, String source) {
      return isSame(selection.source, source)
          && isSame(selection.reason, text(letter, RecordWords.REASON))
          && (key.isEmpty() || key.get().matches(url(letter)));
    }

    private static boolean isSame(Optional<String> wanted, String found) {
      return wanted.isEmpty() || wanted.get().equals(found);
    }

    private static String url(Stored letter) {
      var target = KeyUrls.KeyUrl.of(letter.key()).target();
      return target == null ? "" : target.url();
    }

    private static String text(Stored letter, String header) {
      return letter.header(header).map(Bytes::utf8).orElse("");
    }

    private void fault(Stored letter, String what) {
      passedOver++;
      if (faults.size() < MOST_FAULTS) {
        faults.add("the letter at %d/%d %s".formatted(letter.partition(), letter.offset(), what));
      }
    }

    Replayed ended(long next) {
      return new Replayed(replayed, passedOver, next, faults);
    }
  }
}
