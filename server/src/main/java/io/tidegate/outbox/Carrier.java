package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.delivery.Attempt;
import io.tidegate.delivery.Verdicts;
import io.tidegate.http.Client;
import io.tidegate.http.Headers;
import io.tidegate.outbox.Connections.Use;
import io.tidegate.outbox.Connections.User;
import io.tidegate.registry.SealingKey;
import io.tidegate.registry.Snapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Brings one event to one destination, once, whatever its type; and finds out whether events could
/// be brought there. Straight-line code for virtual threads; never throws for what the other side
/// does.
final class Carrier implements AutoCloseable {
  private final Tools tools;
  private final DestinationSecrets secrets;
  private final Connections connections;
  private volatile boolean open = true;

  /// @param client belongs to whoever made it
  record Tools(
      DestinationTypes types,
      Directory directory,
      SealingKey key,
      Client client,
      Ways ways,
      Verdicts verdicts,
      Time time) {}

  Carrier(Tools tools) {
    this.tools = tools;
    this.secrets = new DestinationSecrets(tools.key());
    this.connections =
        new Connections(
                tools.ways(),
                (key, version) ->
                    tools
                        .directory()
                        .byKey(key)
                        .map(found -> found.version() == version)
                        .orElse(false))
            .start();
  }

  /// What a destination is told, in clear.
  private record Opened(Map<String, String> config, Map<String, String> credentials) {}

  /// What of headers is secret is masked in what comes back.
  ///
  /// @param id of the delivery
  Attempt carry(Snapshot<Destination> found, String id, Event event, Bytes data) {
    var destination = found.value();
    var type = tools.types().find(destination.type());
    if (type.isEmpty()) {
      return Verdicts.failed("unknown", "this instance does not deliver to " + destination.type());
    }
    try {
      var opened =
          new Opened(
              secrets.open(type.get(), destination.config()),
              secrets.open(destination.credentials()));
      var outgoing = outgoing(destination, id, event, data);
      var attempt = carry(found, type.get(), opened, outgoing);
      return Hidden.of(type.get(), opened.config(), opened.credentials()).in(attempt);
    } catch (SealingKey.Unopened failed) {
      return Verdicts.failed("signing", "the secret cannot be opened: " + failed.why());
    } catch (IllegalArgumentException unusable) {
      return Verdicts.never("refused", String.valueOf(unusable.getMessage()));
    }
  }

  private Attempt carry(
      Snapshot<Destination> found, DestinationType type, Opened opened, Outgoing outgoing) {
    var destination = found.value();
    return switch (type) {
      case HttpType http -> exchange(http.call(opened.config(), opened.credentials(), outgoing));
      case ConnectedType connected ->
          handOver(
                  new User(
                      Optional.of(destination.key()),
                      found.version(),
                      connected,
                      opened.config(),
                      opened.credentials()),
                  (connection, limit) -> connection.deliver(opened.config(), outgoing, limit))
              .sent(connected.target(opened.config()).label(), Headers.NONE);
      default -> Verdicts.failed("unknown", "this instance cannot deliver to that type");
    };
  }

  /// Templates among the metadata of a destination see the event as it was published.
  private Outgoing outgoing(Destination destination, String id, Event event, Bytes data) {
    var now = tools.time().now();
    var added = destination.deliveryMetadata().orElse(Map.of());
    if (added.isEmpty()) {
      return new Outgoing(id, event, event.metadata(), data, now);
    }
    var metadata =
        new HashMap<>(
            TextTemplate.fill(
                added, () -> new Outgoing(id, event, event.metadata(), data, now).scope()));
    metadata.putAll(event.metadata());
    return new Outgoing(id, event, metadata, data, now);
  }

  /// Whether events could be delivered. Nothing is left behind over there.
  ///
  /// @param config opened, like the credentials
  Attempt check(DestinationType type, Map<String, String> config, Map<String, String> credentials) {
    try {
      return switch (type) {
        case HttpType http -> {
          var probe = http.probe(config, credentials);
          yield judged(exchange(probe.call()), probe);
        }
        case ConnectedType connected ->
            handOver(
                new User(Optional.empty(), 0, connected, config, credentials),
                (connection, limit) -> connection.check(config, limit));
        default -> Verdicts.failed("unknown", "this instance cannot deliver to that type");
      };
    } catch (IllegalArgumentException unusable) {
      return Verdicts.never("refused", String.valueOf(unusable.getMessage()));
    }
  }

  private static Attempt judged(Attempt attempt, HttpType.Probe probe) {
    return attempt
        .reply()
        .filter(reply -> probe.isFine().test(reply.status()))
        .map(_ -> delivered(attempt.timings()))
        .orElse(attempt);
  }

  private Attempt exchange(io.tidegate.http.Call call) {
    return tools
        .verdicts()
        .of(tools.client().send(call, tools.ways().limits()))
        .sent(call.target().url(), call.headers());
  }

  private Attempt handOver(User user, Use use) {
    long begun = System.nanoTime();
    var opened = new long[] {begun};
    try {
      connections.use(
          user,
          (connection, limit) -> {
            opened[0] = System.nanoTime();
            use.with(connection, limit);
          });
      return delivered(timings(begun, opened[0]));
    } catch (Undelivered no) {
      return new Attempt(
          no.kind(),
          Optional.empty(),
          no.word(),
          no.sentence(),
          Optional.empty(),
          timings(begun, opened[0]));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Verdicts.failed("cancelled", "this instance is stopping");
    }
  }

  private static Client.Timings timings(long begun, long opened) {
    return new Client.Timings(-1, opened - begun, -1, -1, System.nanoTime() - begun);
  }

  private static Attempt delivered(Client.Timings timings) {
    return new Attempt(
        Attempt.Kind.DELIVERED, Optional.empty(), "ok", "", Optional.empty(), timings);
  }

  boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
    connections.close();
  }
}
