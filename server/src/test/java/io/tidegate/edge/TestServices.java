package io.tidegate.edge;

import io.tidegate.base.Bytes;
import io.tidegate.guard.Guards;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.plan.Guarded;
import io.tidegate.plan.HttpService;
import io.tidegate.plan.HttpService.AccessControl;
import io.tidegate.plan.HttpService.Exit;
import io.tidegate.plan.HttpService.HttpRoute;
import io.tidegate.plan.HttpService.Version;
import io.tidegate.plan.KafkaMapping;
import io.tidegate.plan.Listener;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/// What listeners of tests speak.
final class TestServices {
  private TestServices() {}

  /// Everything goes to the house, whose answer is `ok`.
  static Listener.Service answering(Set<Version> versions, Guarded... guarded) {
    var everything =
        new HttpRoute(
            List.of(guarded),
            List.of(),
            List.of(),
            new Exit.Topics(new KafkaMapping("demo:map", List.of())));
    return new Listener.Service.Http(
        new HttpService(
            "demo:http",
            versions,
            new AccessControl.SameOrigin(),
            Optional.empty(),
            List.of(everything)));
  }

  static Backends recording(Queue<Request> requests, Guards guards) {
    return new Backends(
        _ ->
            _ ->
                (request, responder) -> {
                  requests.add(request);
                  responder.reply(new Reply(200, Headers.NONE, Bytes.utf8("ok")));
                },
        guards,
        AccessLog.NONE);
  }

  static Backends recording(Queue<Request> requests) {
    return recording(requests, Guards.NONE);
  }
}
