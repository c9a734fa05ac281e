package io.tidegate.app;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// What lies in the topics of events and of deliveries, held against each other.
final class FanoutHistory {
  private static final int DESTINATIONS = 5;

  private final String bootstrap;
  private final Rule rule;
  private final Set<String> events = new HashSet<>();

  /// Which destination wants what.
  interface Rule {
    boolean wants(int destination, String topic, boolean even);
  }

  FanoutHistory(String bootstrap, Rule rule) {
    this.bootstrap = bootstrap;
    this.rule = rule;
  }

  /// @param repeated events that lie in their topic more than once
  /// @param missing deliveries that are owed and not there
  /// @param twice deliveries that are there more than once
  /// @param foreign deliveries that nobody wanted
  record Judgement(int events, int repeated, int expected, int missing, int twice, int foreign) {
    boolean isClean() {
      return missing == 0 && twice == 0 && foreign == 0;
    }
  }

  /// The ids of the events that are stored, as of the last judgement.
  Set<String> events() {
    return events;
  }

  Judgement judge() {
    var expected = new HashSet<String>();
    int repeated = 0;
    events.clear();
    for (var record : TopicReader.all(bootstrap, "tidegate.events")) {
      var id = header(record, "tidegate-event-id");
      if (!events.add(id)) {
        repeated++;
        continue;
      }
      var tenant = new String(record.key(), StandardCharsets.UTF_8);
      var even = new String(record.value(), StandardCharsets.UTF_8).contains("true");
      for (int number = 0; number < DESTINATIONS; number++) {
        if (rule.wants(number, header(record, "tidegate-event-topic"), even)) {
          expected.add(tenant + "/d" + number + " " + id);
        }
      }
    }
    Map<String, Integer> found = new HashMap<>();
    for (var record : TopicReader.all(bootstrap, "tidegate.deliveries")) {
      var key = new String(record.key(), StandardCharsets.UTF_8);
      found.merge(key + " " + header(record, "tidegate-event-id"), 1, Integer::sum);
    }
    return new Judgement(
        events.size(),
        repeated,
        expected.size(),
        (int) expected.stream().filter(each -> !found.containsKey(each)).count(),
        (int) found.values().stream().filter(count -> count > 1).count(),
        (int) found.keySet().stream().filter(each -> !expected.contains(each)).count());
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }
}
