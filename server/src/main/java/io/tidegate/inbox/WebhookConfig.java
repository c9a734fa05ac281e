package io.tidegate.inbox;

import io.tidegate.inbox.Endpoint.Limits;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What is set at run time for all that is taken in; where it says nothing, the file holds. The
/// first three are for named topics, and for endpoints that do not say otherwise.
///
/// @param bodyLimit bytes
/// @param perSecond requests, and as many at once; 0 for no limit
/// @param forward names of request headers, in lower case, that are kept with the record
/// @param metadata whether records say when, from where and to which path a request came
/// @param capacity of the queue in memory, in messages
public record WebhookConfig(
    OptionalLong bodyLimit,
    OptionalInt perSecond,
    Optional<List<String>> forward,
    Optional<Boolean> metadata,
    Optional<Boolean> rejectWhenDegraded,
    OptionalInt capacity) {
  public static final WebhookConfig NONE =
      new WebhookConfig(
          OptionalLong.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalInt.empty());

  public WebhookConfig {
    forward = forward.map(List::copyOf);
  }

  /// The endpoint as its requests meet it.
  Endpoint applied(Endpoint to) {
    if (bodyLimit.isEmpty() && perSecond.isEmpty() && forward.isEmpty()) {
      return to;
    }
    return new Endpoint(
        to.id(),
        to.version(),
        to.topic(),
        to.description(),
        to.verification(),
        to.secrets(),
        to.handshakes(),
        to.ack(),
        to.answer(),
        to.key(),
        to.said().forward() ? to.forward() : forward.orElse(to.forward()),
        to.contentTypes(),
        limits(to),
        to.expires(),
        to.revoked(),
        to.said());
  }

  private Limits limits(Endpoint to) {
    var own = to.limits();
    var body = to.said().bodyLimit() ? own.body() : bodyLimit.orElse(own.body());
    if (to.said().rate() || perSecond.isEmpty()) {
      return new Limits(body, own.perSecond(), own.burst(), own.window());
    }
    var rate = perSecond.getAsInt();
    return rate == 0
        ? new Limits(body, OptionalInt.empty(), own.burst(), own.window())
        : new Limits(body, perSecond, rate, own.window());
  }
}
