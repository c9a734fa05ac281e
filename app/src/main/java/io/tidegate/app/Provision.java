package io.tidegate.app;

import io.tidegate.log.RecordLog;
import io.tidegate.plan.Cluster;
import io.tidegate.plan.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees to it that the topics which the configuration names are there: makes them in the node
/// inside, and on other clusters only when asked to; there a missing one is a fault.
///
/// A cluster that does not answer is no fault of the configuration: the start goes on, replies are
/// 503 until it is back, and health says so.
record Provision(RecordLog log, Cluster cluster, boolean createEverywhere) {
  private static final Logger LOG = LoggerFactory.getLogger(Provision.class);
  private static final Duration LIMIT = Duration.ofSeconds(15);

  void prepare(List<Topic> topics) {
    if (topics.isEmpty()) {
      return;
    }
    try {
      if (createEverywhere || cluster.servers() instanceof Cluster.Servers.Embedded) {
        log.create(topics.stream().map(Provision::spec).toList(), LIMIT);
      } else {
        demand(topics);
      }
    } catch (RecordLog.LogUnavailable away) {
      LOG.atWarn()
          .addKeyValue("cluster", cluster.name())
          .log("the cluster does not answer; going on without it: {}", away.getMessage());
    }
  }

  private static RecordLog.TopicSpec spec(Topic topic) {
    return new RecordLog.TopicSpec(topic.name(), 1, topic.compacted(), Map.of());
  }

  private void demand(List<Topic> topics) {
    var missing =
        topics.stream().filter(topic -> log.describe(topic.name(), LIMIT).isEmpty()).toList();
    if (!missing.isEmpty()) {
      throw new UserFault(
          missing.stream()
              .map(topic -> "  " + topic.name() + ", named by " + topic.namedBy())
              .collect(
                  Collectors.joining(
                      "\n",
                      "these topics are missing on the cluster " + cluster.name() + ":\n",
                      "\nCreate them there, or start with --create-topics.")));
    }
  }
}
