package io.tidegate.inbox;

import io.tidegate.registry.Command;
import io.tidegate.registry.Judgement;
import io.tidegate.registry.Judgement.Accepted;
import io.tidegate.registry.Judgement.Fault;
import io.tidegate.registry.Judgement.Rejected;
import io.tidegate.registry.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What is set for all webhooks, as a kind of registry with one thing in it: `config` changes the
/// keys that it names, and `null` gives one back to the file. One wrong key or value, and nothing
/// of the command holds.
///
///     {"action":"config","max_body_size_bytes":65536,"rate_limit_per_second":100}
public final class ConfigKind implements Kind<WebhookConfig> {
  public static final String TOPIC = "tidegate.config";

  /// Of the one thing there is.
  public static final String ID = "webhooks";

  public static final String ACTION = "config";

  private static final String BODY = "max_body_size_bytes";
  private static final String RATE = "rate_limit_per_second";
  private static final String FORWARD = "forward_headers";
  private static final String METADATA = "include_http_metadata";
  private static final String REJECT = "reject_when_degraded";
  private static final String CAPACITY = "buffer_capacity";

  /// All that can be set.
  public static final Set<String> KEYS = Set.of(BODY, RATE, FORWARD, METADATA, REJECT, CAPACITY);

  /// What any command may carry.
  private static final Set<String> ENVELOPE =
      Set.of("action", "kind", "command", "by", "expected_version");

  private static final long LEAST_BODY = 1 << 10;
  private static final long LARGEST_BODY = 32 << 20;
  private static final int FASTEST = 1_000_000;
  private static final int SMALLEST = 100;
  private static final int LARGEST = 1_000_000;
  private static final int MOST_NAMES = 32;

  @Override
  public String name() {
    return "config";
  }

  @Override
  public String topic() {
    return TOPIC;
  }

  @Override
  public String idField() {
    return "kind";
  }

  @Override
  public String id(ObjectNode command) {
    return ID;
  }

  @Override
  public boolean knows(String action) {
    return action.equals(ACTION);
  }

  @Override
  public Judgement<WebhookConfig> judge(
      Optional<WebhookConfig> present, Command command, long version) {
    if (!knows(command.action())) {
      return Rejected.of("unknown_action", "config was expected");
    }
    var faults = new ArrayList<Fault>();
    var document = write(present.orElse(WebhookConfig.NONE));
    var isEmpty = true;
    for (var field : command.body().properties()) {
      var key = field.getKey();
      if (KEYS.contains(key)) {
        document.set(key, field.getValue());
        isEmpty = false;
      } else if (!ENVELOPE.contains(key)) {
        faults.add(new Fault("/" + key, "this cannot be set; there are " + new TreeSet<>(KEYS)));
      }
    }
    if (isEmpty && faults.isEmpty()) {
      faults.add(new Fault("", "at least one was expected of " + new TreeSet<>(KEYS)));
    }
    var config = read(document, faults);
    return faults.isEmpty() ? new Accepted<>(config) : new Rejected<>("invalid", faults);
  }

  private static WebhookConfig read(ObjectNode document, List<Fault> faults) {
    var fields = new Fields(document, "", faults);
    return new WebhookConfig(
        fields.number(BODY, LEAST_BODY, LARGEST_BODY),
        integer(fields.number(RATE, 0, FASTEST)),
        fields.has(FORWARD) ? Optional.of(forward(fields)) : Optional.empty(),
        fields.flag(METADATA),
        fields.flag(REJECT),
        integer(fields.number(CAPACITY, SMALLEST, LARGEST)));
  }

  private static OptionalInt integer(OptionalLong number) {
    return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
  }

  private static List<String> forward(Fields fields) {
    var names =
        fields.texts(FORWARD, List.of(), MOST_NAMES).stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .toList();
    if (!names.stream().allMatch(EndpointRules::isForwardable)) {
      fields.fault(FORWARD, "a list of header names, and none that carries credentials,");
    }
    return names;
  }

  @Override
  public ObjectNode write(WebhookConfig value) {
    var document = JsonNodeFactory.instance.objectNode();
    value.bodyLimit().ifPresent(bytes -> document.put(BODY, bytes));
    value.perSecond().ifPresent(rate -> document.put(RATE, rate));
    value.forward().ifPresent(names -> names.forEach(document.putArray(FORWARD)::add));
    value.metadata().ifPresent(is -> document.put(METADATA, is));
    value.rejectWhenDegraded().ifPresent(is -> document.put(REJECT, is));
    value.capacity().ifPresent(messages -> document.put(CAPACITY, messages));
    return document;
  }

  /// Keys of a later version are passed over.
  @Override
  public WebhookConfig read(String id, long version, ObjectNode written) {
    var faults = new ArrayList<Fault>();
    var config = read(written, faults);
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException("a configuration with " + faults.size() + " faults");
    }
    return config;
  }
}
