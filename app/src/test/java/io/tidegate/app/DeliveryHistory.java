package io.tidegate.app;

import static java.util.stream.Collectors.groupingBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What became of records on their way to their receivers, as told by those who saw it: the
/// producer, the receivers, the reply topic, and whoever killed processes. Judges what of it must
/// not have happened. All times are from one clock, since the run began.
///
/// @param produced and acknowledged, in any order
/// @param tries in the order in which they arrived, over all receivers
/// @param replies in the order of the reply topic
record DeliveryHistory(List<Item> produced, List<Try> tries, List<Reply> replies, List<Cut> cuts) {

  /// One record: the number counts the records of its key from 0.
  record Item(String key, int number) {}

  /// A request that a receiver has read.
  ///
  /// @param id the idempotency key
  /// @param status as answered; 0 when there was no answer
  /// @param answered when the answer was about to be written
  record Try(Item item, String id, Duration arrived, int status, Duration answered) {

    boolean isAccepted() {
      return status >= 200 && status < 300;
    }
  }

  /// A record of the reply topic.
  ///
  /// @param status 0 when it says that there was no response
  /// @param at when it was made
  record Reply(Item item, int status, int attempt, Duration at) {

    boolean isAccepted() {
      return status >= 200 && status < 300;
    }
  }

  /// Something that ends requests in the middle: a process was killed, the broker was away,
  /// partitions changed hands.
  ///
  /// @param froze whether a process stood still all that time and went on then: what it was just
  ///   sending goes out as late as that, and nothing can call it back
  record Cut(String what, Duration from, Duration to, boolean froze) {

    Cut(String what, Duration from, Duration to) {
      this(what, from, to, false);
    }
  }

  /// How many there were of each, and in `examples` the first of each that must not be.
  ///
  /// @param lost produced, and accepted by no receiver
  /// @param invented seen by a receiver, and never produced
  /// @param disordered arrived before its predecessor was accepted, or after its successor arrived,
  ///   unless it was sent by a process that stood still meanwhile
  /// @param duplicates arrived again after a receiver had accepted it
  /// @param unexplained duplicates that were not in flight at a cut
  /// @param renamed tries of one record with another id, or of two records with one
  /// @param unanswered produced, and no reply says that it was accepted
  /// @param unfounded said to be accepted by a reply, while no receiver has
  /// @param renumbered replies whose attempt has a lower number than one before, and that are not
  ///   late: a late one repeats a number that was told already (whoever counts on has told it
  ///   before), and was in flight at a cut
  record Counts(
      int produced,
      int tries,
      int accepted,
      int replies,
      int cuts,
      int lost,
      int invented,
      int disordered,
      int duplicates,
      int unexplained,
      int renamed,
      int unanswered,
      int unfounded,
      int renumbered,
      Map<String, String> examples) {

    boolean isClean() {
      return lost
              + invented
              + disordered
              + unexplained
              + renamed
              + unanswered
              + unfounded
              + renumbered
          == 0;
    }

    private String stories() {
      var told = new StringBuilder();
      examples.forEach(
          (kind, story) -> told.append("\n    ").append(kind).append(": ").append(story));
      return told.toString();
    }

    @Override
    public String toString() {
      return """
      produced %,d | tries %,d | accepted %,d | replies %,d | cuts %,d
        lost %d | invented %d | out of order %d | duplicates %d, of them not in flight at a cut %d
        with another id %d | replies missing %d | replies unfounded %d | attempts numbered back %d%s\
      """
          .formatted(
              produced,
              tries,
              accepted,
              replies,
              cuts,
              lost,
              invented,
              disordered,
              duplicates,
              unexplained,
              renamed,
              unanswered,
              unfounded,
              renumbered,
              stories());
    }
  }

  /// @param settling how long it may take to write down an outcome, or to notice a cut
  Counts judge(Duration settling) {
    return new Judgement(settling).counts();
  }

  /// All that is known of a record and its neighbours of the same key.
  private String story(Item item) {
    var lines = new ArrayList<String>();
    lines.add(item.toString());
    tries.stream()
        .filter(one -> isNear(one.item, item))
        .forEach(one ->
            lines.add(
                "%s #%d arrived, status %d at %s"
                    .formatted(one.arrived, one.item.number, one.status, one.answered)));
    replies.stream()
        .filter(reply -> isNear(reply.item, item))
        .forEach(reply ->
            lines.add(
                "%s #%d reply of attempt %d, status %d"
                    .formatted(reply.at, reply.item.number, reply.attempt, reply.status)));
    cuts.forEach(cut -> lines.add("%s %s, until %s".formatted(cut.from, cut.what, cut.to)));
    return String.join("\n      ", lines);
  }

  private static boolean isNear(Item one, Item other) {
    return one.key.equals(other.key) && Math.abs(one.number - other.number) <= 1;
  }

  private final class Judgement {
    private final Duration settling;
    private final Map<String, Integer> faults = new LinkedHashMap<>();
    private final Map<String, String> examples = new LinkedHashMap<>();
    private final Map<Item, Try> firstAccepted = new HashMap<>();

    Judgement(Duration settling) {
      this.settling = settling;
      for (var one : tries) {
        if (one.isAccepted()) {
          firstAccepted.merge(
              one.item, one, (a, b) -> a.answered.compareTo(b.answered) <= 0 ? a : b);
        }
      }
    }

    Counts counts() {
      judgeCompleteness();
      tries.stream().collect(groupingBy(one -> one.item.key)).values().forEach(this::judgeOrder);
      tries.stream().collect(groupingBy(one -> one.item)).values().forEach(this::judgeDuplicates);
      judgeIds();
      judgeReplies();
      return new Counts(
          produced.size(),
          tries.size(),
          firstAccepted.size(),
          replies.size(),
          cuts.size(),
          faults("lost"),
          faults("invented"),
          faults("out of order"),
          faults("duplicate"),
          faults("unexplained"),
          faults("renamed"),
          faults("unanswered"),
          faults("unfounded"),
          faults("renumbered"),
          examples);
    }

    private int faults(String kind) {
      return faults.getOrDefault(kind, 0);
    }

    private void fault(String kind, Item item) {
      faults.merge(kind, 1, Integer::sum);
      if (!kind.equals("duplicate")) {
        examples.computeIfAbsent(kind, _ -> story(item));
      }
    }

    private void judgeCompleteness() {
      var known = new HashSet<>(produced);
      for (var item : known) {
        if (!firstAccepted.containsKey(item)) {
          fault("lost", item);
        }
      }
      for (var one : tries) {
        if (!known.contains(one.item)) {
          fault("invented", one.item);
        }
      }
    }

    private void judgeOrder(List<Try> ofKey) {
      int highest = -1;
      for (var one : ofKey) {
        var number = one.item.number;
        if ((number < highest && !isFrozen(one)) || !isPredecessorAccepted(one, one.arrived)) {
          fault("out of order", one.item);
        }
        highest = Math.max(highest, number);
      }
    }

    /// Whether it was its turn when a process was made to stand still, and it came again just when
    /// that one went on.
    private boolean isFrozen(Try one) {
      var first = firstAccepted.get(one.item);
      return first != null
          && cuts.stream()
              .filter(Cut::froze)
              .filter(cut -> first.answered.compareTo(cut.from) >= 0)
              .filter(cut -> one.arrived.compareTo(cut.to.plus(settling)) <= 0)
              .anyMatch(cut -> isPredecessorAccepted(one, cut.from.plus(settling)));
    }

    private boolean isPredecessorAccepted(Try one, Duration by) {
      if (one.item.number == 0) {
        return true;
      }
      var before = firstAccepted.get(new Item(one.item.key, one.item.number - 1));
      return before != null && before.answered.compareTo(by) <= 0;
    }

    private void judgeDuplicates(List<Try> ofItem) {
      var accepted = new ArrayList<Try>();
      for (var one : ofItem) {
        var earlier =
            accepted.stream().filter(it -> it.answered.compareTo(one.arrived) <= 0).toList();
        if (!earlier.isEmpty()) {
          fault("duplicate", one.item);
          if (cuts.stream().noneMatch(cut -> explains(cut, earlier.getLast(), one))) {
            fault("unexplained", one.item);
          }
        }
        if (one.isAccepted()) {
          accepted.add(one);
        }
      }
    }

    /// The first was under way, or its outcome not yet written down, when the cut came.
    private boolean explains(Cut cut, Try first, Try again) {
      return first.arrived.compareTo(cut.to.plus(settling)) <= 0
          && first.answered.plus(settling).compareTo(cut.from) >= 0
          && again.arrived.compareTo(cut.from) >= 0;
    }

    private boolean explains(Cut cut, Reply reply) {
      return reply.at.plus(settling).compareTo(cut.from) >= 0
          && reply.at.compareTo(cut.to.plus(settling)) <= 0;
    }

    private void judgeIds() {
      var ids = new HashMap<Item, String>();
      var items = new HashMap<String, Item>();
      for (var one : tries) {
        var id = ids.putIfAbsent(one.item, one.id);
        var item = items.putIfAbsent(one.id, one.item);
        if (one.id.isEmpty() || (id != null && !id.equals(one.id))) {
          fault("renamed", one.item);
        } else if (item != null && !item.equals(one.item)) {
          fault("renamed", one.item);
        }
      }
    }

    private void judgeReplies() {
      var answered = new HashSet<Item>();
      var attempts = new HashMap<Item, Integer>();
      var told = new HashMap<Item, Set<Integer>>();
      for (var reply : replies) {
        if (reply.isAccepted()) {
          answered.add(reply.item);
          if (!firstAccepted.containsKey(reply.item)) {
            fault("unfounded", reply.item);
          }
        }
        var before = attempts.merge(reply.item, reply.attempt, Math::max);
        var isNew = told.computeIfAbsent(reply.item, _ -> new HashSet<>()).add(reply.attempt);
        var isLate = !isNew && cuts.stream().anyMatch(cut -> explains(cut, reply));
        if (reply.attempt < before && !isLate) {
          fault("renumbered", reply.item);
        }
      }
      for (var item : produced) {
        if (!answered.contains(item)) {
          fault("unanswered", item);
        }
      }
    }
  }
}
