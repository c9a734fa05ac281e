package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.delivery.SigningRules.SigningRule;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.Follower;
import io.tidegate.log.Stored;
import io.tidegate.registry.SealingKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Signing rules that lie in a compacted topic, under the URL pattern they are for, their secrets
/// sealed. Replayed, then followed live. Of several that match, the one that says most is taken.
///
///     https://hooks.shop.example/*   {"preset":"standard-webhooks","secrets":[{"sealed":"sealed:v1:…"}]}
///
/// A record that cannot be read or opened takes nothing away: what was known under its key stays in
/// force; where nothing was known, requests to its URLs wait rather than go out unsigned. A record
/// without a value ends the rule.
///
/// Any thread asks; the log's thread tells.
final class SigningTopic implements Follower, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SigningTopic.class);
  private static final int MOST = 100_000;

  private final String topic;
  private final RecordLog log;
  private final SealingKey key;
  private final Time time;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> byOrigin = new ConcurrentHashMap<>();
  private final Set<Integer> read = ConcurrentHashMap.newKeySet();
  private volatile boolean replayed;
  private volatile Optional<String> trouble = Optional.empty();
  private RecordLog.@Nullable Tail tail;

  /// @param rule null when no record under this key could ever be read
  /// @param fault of its last record; empty when that was read
  private record Known(UrlPattern url, @Nullable SigningRule rule, String fault) {}

  /// What the topic says about a URL.
  sealed interface Found {
    record Rule(SigningRule rule) implements Found {}

    record Nothing() implements Found {}

    /// It cannot be said yet, or the rule is broken.
    record NotNow(String why) implements Found {}
  }

  SigningTopic(String topic, RecordLog log, SealingKey key, Time time) {
    this.topic = topic;
    this.log = log;
    this.key = key;
    this.time = time;
  }

  /// Begins to read, and waits a while for the end of what is there.
  void start(Duration limit) {
    tail = log.follow(topic, Map.of(), RecordLog.From.EARLIEST, this);
    var _ = awaitReplay(limit);
  }

  /// True when all that lay there has been read.
  boolean awaitReplay(Duration limit) {
    if (replayed) {
      return true;
    }
    var partitions = partitions(limit);
    if (partitions == 0) {
      return false;
    }
    synchronized (this) {
      var deadline = time.nanos() + limit.toNanos();
      try {
        for (long left = limit.toNanos();
            read.size() < partitions && left > 0;
            left = deadline - time.nanos()) {
          wait(left / 1_000_000 + 1);
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      replayed = read.size() >= partitions;
      return replayed;
    }
  }

  /// 0 while nobody knows: the cluster is away, or the topic is not there yet.
  private int partitions(Duration limit) {
    try {
      return log.describe(topic, limit).map(RecordLog.TopicInfo::partitions).orElse(0);
    } catch (RecordLog.LogUnavailable away) {
      return 0;
    }
  }

  Found find(String url, Duration limit) {
    if (!awaitReplay(limit)) {
      return new Found.NotNow("the topic " + topic + " of signing rules has not been read yet");
    }
    var best = best(best(null, url, UrlPattern.origin(url)), url, "");
    if (best == null) {
      return new Found.Nothing();
    }
    return best.rule == null
        ? new Found.NotNow("the signing rule for " + best.url + " " + best.fault)
        : new Found.Rule(best.rule);
  }

  private @Nullable Known best(@Nullable Known before, String url, String origin) {
    var best = before;
    for (var pattern : byOrigin.getOrDefault(origin, Set.of())) {
      var each = known.get(pattern);
      if (each != null && each.url.matches(url) && (best == null || isBetter(each.url, best.url))) {
        best = each;
      }
    }
    return best;
  }

  private static boolean isBetter(UrlPattern one, UrlPattern other) {
    return one.weight() != other.weight()
        ? one.weight() > other.weight()
        : one.toString().compareTo(other.toString()) < 0;
  }

  @Override
  public void records(int partition, List<Stored> records, long next) {
    records.forEach(this::take);
  }

  private void take(Stored record) {
    var recordKey = record.key();
    var pattern = recordKey == null ? "" : recordKey.utf8();
    UrlPattern url;
    try {
      url = UrlPattern.of(pattern);
    } catch (IllegalArgumentException notAPattern) {
      passedOver(record, "its key is not a pattern of URLs");
      return;
    }
    var value = record.value();
    if (value == null) {
      known.remove(pattern);
      byOrigin.computeIfPresent(url.origin(), (_, patterns) -> without(patterns, pattern));
    } else if (known.size() >= MOST && !known.containsKey(pattern)) {
      passedOver(record, "there are too many rules");
    } else {
      known.merge(pattern, read(url, value, record), SigningTopic::newer);
      byOrigin.computeIfAbsent(url.origin(), _ -> ConcurrentHashMap.newKeySet()).add(pattern);
    }
  }

  private static @Nullable Set<String> without(Set<String> patterns, String pattern) {
    patterns.remove(pattern);
    return patterns.isEmpty() ? null : patterns;
  }

  private static Known newer(Known old, Known read) {
    return read.rule == null ? new Known(read.url, old.rule, read.fault) : read;
  }

  private Known read(UrlPattern url, Bytes value, Stored record) {
    try {
      return new Known(url, new SigningRule(url, SigningRuleText.read(value, key)), "");
    } catch (IllegalArgumentException unusable) {
      var fault = "is broken: " + unusable.getMessage();
      passedOver(record, fault);
      return new Known(url, null, fault);
    }
  }

  private void passedOver(Stored record, String why) {
    LOG.atWarn()
        .addKeyValue("topic", topic)
        .addKeyValue("partition", record.partition())
        .addKeyValue("offset", record.offset())
        .log("a signing rule is passed over: {}", why);
  }

  @Override
  public void caughtUp(int partition, long next) {
    read.add(partition);
    synchronized (this) {
      notifyAll();
    }
  }

  @Override
  public void health(Optional<String> said) {
    trouble = said;
  }

  /// How many rules are broken.
  int broken() {
    return (int) known.values().stream().filter(each -> !each.fault.isEmpty()).count();
  }

  int size() {
    return known.size();
  }

  /// Empty when all is well, else what is wrong.
  Optional<String> check() {
    if (trouble.isPresent()) {
      return trouble.map(why -> "signing rules: " + why);
    }
    if (!replayed) {
      return Optional.of("the topic " + topic + " of signing rules is still being read");
    }
    return known.values().stream()
        .filter(each -> !each.fault.isEmpty())
        .findFirst()
        .map(each ->
            "%d signing rules of topic %s cannot be used; the one for %s %s"
                .formatted(broken(), topic, each.url, each.fault));
  }

  @Override
  public void close() {
    if (tail != null) {
      tail.close();
    }
  }
}
