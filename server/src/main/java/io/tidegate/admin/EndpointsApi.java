package io.tidegate.admin;

import io.tidegate.base.Secret;
import io.tidegate.base.Time;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.inbox.EndpointForm;
import io.tidegate.inbox.EndpointId;
import io.tidegate.inbox.EndpointKind;
import io.tidegate.inbox.RegisteredEndpoint;
import io.tidegate.registry.Judgement.Fault;
import io.tidegate.registry.Outcome;
import io.tidegate.registry.Registries;
import io.tidegate.registry.Registry;
import io.tidegate.registry.SealingKey;
import io.tidegate.registry.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/endpoints`: straight-line code for virtual threads. Every change is a command, and is
/// answered when this instance has read its result back.
///
///     POST   /api/v1/endpoints                     create; URL and secret are shown this once
///     GET    /api/v1/endpoints?limit&next&prev&dir list
///     GET    /api/v1/endpoints/{id}                read          PATCH  change (merge patch)
///     DELETE /api/v1/endpoints/{id}?reason         revoke        POST   …/revoke {reason}
///     POST   …/rotate-secret {secret, overlap_seconds}
///     POST   …/rotate-url {overlap_seconds}
///     POST   …/verify {url, headers, body}
///     GET    …/requests   …/requests/{id}          POST   …/requests/{id}/replay
final class EndpointsApi {
  static final Duration LIMIT = Duration.ofSeconds(8);
  private static final long LONGEST_OVERLAP = Duration.ofDays(30).toSeconds();
  private static final int MOST_BYTES_OF_SECRET = 4096;

  private final Registries registries;
  private final Registry<RegisteredEndpoint> registry;
  private final SealingKey key;
  private final UnaryOperator<String> urls;
  private final Time time;
  private final EndpointHandles handles;
  private final RequestsApi requests;
  private final ConfigApi config;

  EndpointsApi(EndpointParts parts) {
    this.registries = parts.registries();
    this.registry = parts.registry();
    this.key = parts.key();
    this.urls = parts.urls();
    this.time = parts.time();
    this.handles = new EndpointHandles(registry);
    this.requests = new RequestsApi(parts.inbox());
    this.config = new ConfigApi(parts);
  }

  Reply list(Request request) {
    var page = Page.read(request.query());
    var all =
        new SeekList<>(
            registry.all(),
            each -> each.created().toEpochMilli(),
            each -> EndpointHandles.of(each.id()));
    return ApiJson.reply(200, all.write(page, this::shown));
  }

  Reply create(Request request) {
    var body = ApiJson.body(request);
    var faults = unknown(body, Set.of("secret"));
    if (!faults.isEmpty()) {
      return invalid(faults);
    }
    var secret = secret(body, preset(body));
    var id = EndpointId.random();
    var command = command("register", id, body).put("expected_version", 0);
    secret.ifPresent(each -> command.put("auth_secret", key.seal(each)));
    var outcome = submit(command);
    return outcome instanceof Outcome.Accepted ? created(id, secret) : refused(outcome);
  }

  private Reply created(String id, Optional<Secret> secret) {
    var made = registry.find(id).orElseThrow();
    var body = shown(made).put("url", urls.apply(id));
    secret.ifPresent(each -> body.put("secret", each.reveal()));
    return ApiJson.reply(
        201, body, "location", "/api/v1/endpoints/" + EndpointHandles.of(id), "etag", etag(made));
  }

  private static String preset(ObjectNode body) {
    return body.get("verification") instanceof ObjectNode verification
        ? SampleRequest.text(verification, "preset", "none")
        : "none";
  }

  /// The one that is given, or a new one where there must be one.
  private static Optional<Secret> secret(ObjectNode body, String preset) {
    var given = body.get("secret");
    if (given != null && !given.isNull()) {
      if (!given.isString()
          || given.asString().isBlank()
          || given.asString().length() > MOST_BYTES_OF_SECRET) {
        throw Problem.of(422, "invalid", "secret: a text was expected").refuse();
      }
      return Optional.of(new Secret(given.asString()));
    }
    return preset.equals("none") ? Optional.empty() : Optional.of(FreshSecret.of(preset));
  }

  Reply read(Snapshot<RegisteredEndpoint> found) {
    return ApiJson.reply(200, shown(found), "etag", etag(found));
  }

  Reply update(Snapshot<RegisteredEndpoint> found, Request request) {
    var body = ApiJson.body(request);
    var faults = unknown(body, Set.of());
    if (!faults.isEmpty()) {
      return invalid(faults);
    }
    return answer(found, submit(expecting(command("update", found.id(), body), request)));
  }

  Reply revoke(Snapshot<RegisteredEndpoint> found, String reason, Request request) {
    if (found.value().isRevoked()) {
      return ApiJson.reply(200, shown(found));
    }
    var command = command("revoke", found.id(), ApiJson.object());
    if (!reason.isBlank()) {
      command.put("reason", reason);
    }
    return answer(found, submit(expecting(command, request)));
  }

  Reply rotateSecret(Snapshot<RegisteredEndpoint> found, Request request) {
    var body = ApiJson.body(request);
    var preset = found.value().endpoint().verification().preset();
    var secret = secret(body, preset);
    if (secret.isEmpty() || preset.equals("none")) {
      return ApiJson.problem(
          422, "invalid", "an endpoint that checks nothing has no secret", List.of());
    }
    var command = command("update", found.id(), ApiJson.object());
    command.put("auth_secret", key.seal(secret.get()));
    command.put("previous_secret_expires_at", until(body).getEpochSecond());
    var outcome = submit(expecting(command, request));
    if (!(outcome instanceof Outcome.Accepted)) {
      return refused(outcome);
    }
    var now = registry.find(found.id()).orElseThrow();
    return ApiJson.reply(200, shown(now).put("secret", secret.get().reveal()), "etag", etag(now));
  }

  private Instant until(ObjectNode body) {
    var overlap = body.get("overlap_seconds");
    if (overlap == null || overlap.isNull()) {
      return time.now().plus(EndpointKind.OVERLAP);
    }
    if (!overlap.isIntegralNumber()
        || !overlap.canConvertToLong()
        || overlap.asLong() < 0
        || overlap.asLong() > LONGEST_OVERLAP) {
      throw Problem.of(422, "invalid", "overlap_seconds: 0 to " + LONGEST_OVERLAP + " was expected")
          .refuse();
    }
    return time.now().plusSeconds(overlap.asLong());
  }

  /// A new endpoint with all that the old one has; the old one ends.
  Reply rotateUrl(Snapshot<RegisteredEndpoint> found, Request request) {
    var end = until(ApiJson.body(request));
    var id = EndpointId.random();
    var command = signed(found.value().registration(id)).put("expected_version", 0);
    var outcome = submit(command);
    if (!(outcome instanceof Outcome.Accepted)) {
      return refused(outcome);
    }
    var goodbye =
        end.isAfter(time.now().plusSeconds(1))
            ? command("update", found.id(), ApiJson.object().put("expires_at", end.toString()))
            : command("revoke", found.id(), ApiJson.object().put("reason", "its URL was rotated"));
    var ended = submit(goodbye) instanceof Outcome.Accepted;
    var made = registry.find(id).orElseThrow();
    var body = shown(made).put("url", urls.apply(id));
    body.putObject("previous")
        .put("id", EndpointHandles.of(found.id()))
        .put("ends_at", ended ? end.toString() : "not yet: revoke it, or try again");
    return ApiJson.reply(201, body, "etag", etag(made));
  }

  Reply verify(Snapshot<RegisteredEndpoint> found, Request request) {
    var sample = ApiJson.body(request);
    var url = urls.apply(found.id());
    return ApiJson.reply(200, SampleRequest.verify(found.value().endpoint(), sample, url, time));
  }

  Optional<Snapshot<RegisteredEndpoint>> find(String handle) {
    return handles.find(handle);
  }

  ConfigApi config() {
    return config;
  }

  RequestsApi requests() {
    return requests;
  }

  private ObjectNode shown(Snapshot<RegisteredEndpoint> snapshot) {
    return EndpointPage.of(snapshot, time.now());
  }

  static String etag(Snapshot<?> snapshot) {
    return "\"" + snapshot.version() + "\"";
  }

  private static List<Fault> unknown(ObjectNode body, Set<String> more) {
    var faults = new ArrayList<Fault>();
    for (var name : body.propertyNames()) {
      if (!EndpointForm.FIELDS.contains(name) && !more.contains(name)) {
        var known = new TreeSet<>(EndpointForm.FIELDS);
        known.addAll(more);
        faults.add(new Fault("/" + name, "no field has this name; there are " + known));
      }
    }
    return faults;
  }

  /// Says whose wish it is: nobody but operators gets here.
  static ObjectNode signed(ObjectNode command) {
    return command.put("by", "operator");
  }

  private ObjectNode command(String action, String id, ObjectNode fields) {
    var command = signed(ApiJson.object().put("action", action).put("endpoint_id", id));
    fields
        .properties()
        .forEach(field -> {
          if (!field.getKey().equals("secret")) {
            command.set(field.getKey(), field.getValue());
          }
        });
    sealHandshakes(command);
    return command;
  }

  /// What of a handshake is a secret must not enter a topic as it is.
  private void sealHandshakes(ObjectNode command) {
    for (var handshake : command.path("handshakes")) {
      if (handshake.get("parameters") instanceof ObjectNode parameters
          && parameters.path("verify_token").isString()) {
        var token = new Secret(parameters.path("verify_token").asString());
        parameters.put("verify_token", key.seal(token));
      }
    }
  }

  static ObjectNode expecting(ObjectNode command, Request request) {
    request
        .headers()
        .first("if-match")
        .filter(tag -> !tag.equals("*"))
        .ifPresent(tag -> command.put("expected_version", version(tag)));
    return command;
  }

  private static long version(String tag) {
    if (!tag.matches("\"\\d{1,18}\"")) {
      throw Problem.of(400, "malformed", "if-match: an ETag of ours was expected").refuse();
    }
    return Long.parseLong(tag.substring(1, tag.length() - 1));
  }

  private Outcome submit(ObjectNode command) {
    return registries.submit(command, LIMIT);
  }

  private Reply answer(Snapshot<RegisteredEndpoint> before, Outcome outcome) {
    return outcome instanceof Outcome.Accepted
        ? read(registry.find(before.id()).orElse(before))
        : refused(outcome);
  }

  private static Reply invalid(List<Fault> faults) {
    return ApiJson.problem(422, "invalid", "the endpoint is not as it must be", faults);
  }

  static Reply refused(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted _ -> throw new IllegalStateException("nothing was refused");
      case Outcome.Rejected rejected -> refused(rejected.code(), rejected.faults());
      case Outcome.Unavailable(var _) ->
          ApiJson.problem(503, "unavailable", "the change cannot be stored now", List.of());
      case Outcome.Unknown(var _) ->
          ApiJson.problem(
              503,
              "outcome_unknown",
              "the change may have been made; read it before you try again",
              List.of());
    };
  }

  private static Reply refused(String code, List<Fault> faults) {
    return switch (code) {
      case "version_conflict", "exists", "revoked" ->
          ApiJson.problem(409, code, sentence(faults), List.of());
      case "unknown" -> ApiJson.problem(404, "not_found", sentence(faults), List.of());
      default -> ApiJson.problem(422, code, "it is not as it must be", faults);
    };
  }

  private static String sentence(List<Fault> faults) {
    return faults.isEmpty() ? "refused" : faults.getFirst().message();
  }
}
