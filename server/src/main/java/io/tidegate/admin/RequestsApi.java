package io.tidegate.admin;

import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.inbox.EndpointId;
import io.tidegate.inbox.Inbox;
import io.tidegate.inbox.LoggedRequest;
import io.tidegate.inbox.Replay;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/endpoints/{id}/requests`: what senders have sent to this instance lately, refused ones
/// too, and how to have one stored again. For virtual threads.
record RequestsApi(Optional<Inbox> running) {
  private static final long LIMIT_SECONDS = 10;

  Reply list(String endpoint) {
    var body = ApiJson.object();
    var models = body.putArray("models");
    inbox().requests().list(endpoint).forEach(request -> models.add(shown(endpoint, request)));
    return ApiJson.reply(200, body);
  }

  Reply read(String endpoint, String id) {
    var request = inbox().requests().find(endpoint, id).orElseThrow(RequestsApi::notFound);
    var body = shown(endpoint, request);
    request
        .body()
        .ifPresent(content -> {
          try {
            var text = StandardCharsets.UTF_8.newDecoder();
            body.put("body", text.decode(java.nio.ByteBuffer.wrap(content.array())).toString());
          } catch (CharacterCodingException binary) {
            body.put("body_base64", Base64.getEncoder().encodeToString(content.array()));
          }
        });
    return ApiJson.reply(200, body);
  }

  /// Answers when it is stored.
  Reply replay(String endpoint, String id) {
    var ended = new CompletableFuture<Replay.Outcome>();
    inbox().replay(endpoint, id, ended::complete);
    var outcome =
        ended
            .completeOnTimeout(
                new Replay.Outcome.Failed(
                    Problem.of(503, "outcome_unknown", "no answer in time; it may be stored")),
                LIMIT_SECONDS,
                TimeUnit.SECONDS)
            .join();
    return switch (outcome) {
      case Replay.Outcome.Stored(var eventId) ->
          ApiJson.reply(200, ApiJson.object().put("event_id", eventId));
      case Replay.Outcome.Unknown() -> throw notFound();
      case Replay.Outcome.WithoutBody() ->
          throw Problem.of(409, "no_body", "its body was too large to keep").refuse();
      case Replay.Outcome.Failed(var problem) -> throw problem.refuse();
    };
  }

  private Inbox inbox() {
    return running.orElseThrow(
        () -> Problem.of(503, "unavailable", "no webhooks are taken in at the moment").refuse());
  }

  private static Problem.Refusal notFound() {
    return Problem.of(404, "not_found", "there is no such request, or not any more").refuse();
  }

  /// The path without the secret in it.
  private static ObjectNode shown(String endpoint, LoggedRequest request) {
    var body = ApiJson.object();
    body.put("id", request.id());
    body.put("at", request.at().toString());
    body.put("method", request.method());
    body.put("path", request.path().replace(endpoint, EndpointId.shown(endpoint)));
    body.put("query", request.query());
    var headers = body.putObject("headers");
    request.headers().forEach(field -> headers.withArray(field.name()).add(field.value()));
    body.put("remote", request.remote());
    body.put("size", request.size());
    body.put("status", request.status());
    body.put("outcome", request.outcome());
    body.put("detail", request.detail());
    request.eventId().ifPresent(id -> body.put("event_id", id));
    body.put("took_ms", request.took().toNanos() / 1e6);
    return body;
  }
}
