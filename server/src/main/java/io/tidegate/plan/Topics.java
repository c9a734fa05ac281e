package io.tidegate.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The topics that the bindings name outright, and all that is said of them.
///
/// A topic is created compacted only when some route fetches it and every route that produces to it
/// gives a key; reply topics and dead letters never are, since a reply must outlive the next one of
/// the same key.
final class Topics {
  private final Map<String, Facts> facts = new LinkedHashMap<>();

  private static final class Facts {
    final String cluster;
    final String name;
    final String namedBy;
    final Set<String> indexed = new TreeSet<>();
    boolean producedWithoutKey;
    boolean fetched;
    boolean reply;
    boolean kept;
    boolean newest;
    boolean viewed;
    boolean live;

    Facts(String cluster, String name, String namedBy) {
      this.cluster = cluster;
      this.name = name;
      this.namedBy = namedBy;
    }

    Topic topic() {
      var compacted = newest || (fetched && !producedWithoutKey && !reply && !kept);
      return new Topic(cluster, name, compacted, viewed, live, indexed, namedBy);
    }
  }

  private Facts of(String cluster, String name, String namedBy) {
    return facts.computeIfAbsent(cluster + "/" + name, _ -> new Facts(cluster, name, namedBy));
  }

  void produced(String cluster, String name, boolean keyed, String by) {
    of(cluster, name, by).producedWithoutKey |= !keyed;
  }

  void fetched(String cluster, String name, Set<String> headers, String by) {
    var topic = of(cluster, name, by);
    topic.fetched = true;
    topic.viewed = true;
    topic.indexed.addAll(headers);
  }

  /// Read as a stream. That alone does not make it a topic of which only the newest counts, and it
  /// is kept ready only from the first reader on.
  void streamed(String cluster, String name, Set<String> headers, String by) {
    of(cluster, name, by).indexed.addAll(headers);
  }

  void replied(String cluster, String name, String idHeader, String by) {
    var topic = of(cluster, name, by);
    topic.reply = true;
    topic.viewed = true;
    topic.indexed.add(idHeader);
  }

  /// Its records are sent to where they say.
  void pumped(String cluster, String name, String by) {
    of(cluster, name, by);
  }

  /// Every record counts, whatever else is said.
  void kept(String cluster, String name, String by) {
    of(cluster, name, by).kept = true;
  }

  void newestOfEachKey(String cluster, String name, String by) {
    of(cluster, name, by).newest = true;
  }

  void bootstrapped(String cluster, String name, String by) {
    of(cluster, name, by).viewed = true;
  }

  /// Said for a pattern of names, once all names are known.
  void live(String cluster, Pattern names) {
    facts.values().stream()
        .filter(topic -> topic.cluster.equals(cluster) && names.match(topic.name).isPresent())
        .forEach(topic -> topic.live = true);
  }

  List<Topic> all() {
    var all = new ArrayList<Topic>();
    facts.values().forEach(topic -> all.add(topic.topic()));
    return all;
  }
}
