package io.tidegate.inbox;

import io.tidegate.base.Time;
import io.tidegate.http.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One version of an endpoint under one configuration, with everything ready for its requests.
///
/// Any thread. Only the rate limit changes, and it passes on to the next version.
final class Reception {
  private final Endpoint endpoint;
  private final Way way;
  private final Verifier verifier;
  private final RecordForm form;
  private final ForwardedHeaders headers;
  private final List<String> methods;
  private final @Nullable RateLimit rate;

  /// How a request finds here.
  enum Way {
    SECRET,
    NAMED
  }

  Reception(Endpoint from, WebhookConfig config, Way way, @Nullable Reception before, Time time) {
    this.endpoint = config.applied(from);
    this.way = way;
    this.verifier = Verifier.of(endpoint, time);
    this.headers = new ForwardedHeaders(endpoint.forward(), verifier.credential());
    this.form = new RecordForm(endpoint, key(endpoint), headers, config.metadata().orElse(true));
    this.methods = methods(verifier);
    this.rate = rate(endpoint.limits(), before, time);
  }

  /// A template that was never checked, and is wrong, makes no keys.
  private static KeyTemplate key(Endpoint endpoint) {
    try {
      return KeyTemplate.of(endpoint.key());
    } catch (IllegalArgumentException _) {
      return KeyTemplate.of("");
    }
  }

  private static List<String> methods(Verifier verifier) {
    var methods = new ArrayList<>(List.of("POST"));
    for (var handshake : verifier.handshakes()) {
      if (!methods.contains(handshake.method())) {
        methods.add(handshake.method());
      }
    }
    return List.copyOf(methods);
  }

  private static @Nullable RateLimit rate(
      Endpoint.Limits limits, @Nullable Reception before, Time time) {
    if (limits.perSecond().isEmpty()) {
      return null;
    }
    var kept = before == null ? null : before.rate;
    return kept != null
            && before != null
            && before.endpoint.limits().perSecond().equals(limits.perSecond())
            && before.endpoint.limits().burst() == limits.burst()
        ? kept
        : new RateLimit(limits.perSecond().getAsInt(), limits.burst(), time.nanos());
  }

  Endpoint endpoint() {
    return endpoint;
  }

  Way way() {
    return way;
  }

  Verifier verifier() {
    return verifier;
  }

  RecordForm form() {
    return form;
  }

  List<String> methods() {
    return methods;
  }

  /// What may be shown of a request's headers.
  Headers shown(Headers all) {
    return headers.shown(all);
  }

  /// Zero when a request may come now, else in how many nanoseconds.
  long untilFree(long nanos) {
    return rate == null ? 0 : rate.take(nanos);
  }

  boolean takes(Headers head) {
    if (endpoint.contentTypes().isEmpty()) {
      return true;
    }
    var given = head.first("content-type").orElse("");
    var semicolon = given.indexOf(';');
    var type =
        (semicolon < 0 ? given : given.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    for (var wanted : endpoint.contentTypes()) {
      if (wanted.equals(type)
          || (wanted.endsWith("/*") && type.startsWith(wanted.substring(0, wanted.length() - 1)))) {
        return true;
      }
    }
    return false;
  }
}
