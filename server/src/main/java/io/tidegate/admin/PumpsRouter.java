package io.tidegate.admin;

import io.tidegate.http.Handler;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// `/api/v1/pumps/…`: which request is for what. The caller has been judged already.
///
///     GET  pumps                            GET  pumps/{name}
///     GET  pumps/{name}/lanes?state&limit   GET  pumps/{name}/lanes/{key}
///     POST pumps/{name}/lanes/{key}/retry, …/unblock, …/skip
///     POST pumps/{name}/dead-letters/replay
final class PumpsRouter {
  static final String BASE = ApiRouter.BASE + "/pumps";

  private static final List<String> REPLAY = List.of("dead-letters", "replay");

  private final ApiWork work;
  private final Supplier<List<PumpDesk>> pumps;

  PumpsRouter(ApiWork work, Supplier<List<PumpDesk>> pumps) {
    this.work = work;
    this.pumps = pumps;
  }

  Handler route(Request head) {
    var path = head.path();
    var rest = path.equals(BASE) ? "" : path.substring(BASE.length() + 1);
    var segments = rest.isEmpty() ? List.<String>of() : List.of(rest.split("/", -1));
    if (segments.size() == 3 && segments.subList(1, 3).equals(REPLAY)) {
      return post(head, request -> DeadLettersApi.replay(found(segments), request));
    }
    return switch (segments.size()) {
      case 0 -> get(head, _ -> PumpsApi.list(pumps.get()));
      case 1 -> get(head, _ -> PumpsApi.read(found(segments)));
      case 2 -> get(lanes(head, segments), request -> PumpsApi.lanes(found(segments), request));
      case 3 -> get(lanes(head, segments), _ -> PumpsApi.lane(found(segments), key(segments)));
      case 4 -> post(lanes(head, segments), action(segments));
      default -> throw ApiWork.notFound();
    };
  }

  private static Request lanes(Request head, List<String> segments) {
    if (!segments.get(1).equals("lanes")) {
      throw ApiWork.notFound();
    }
    return head;
  }

  private Function<Request, Reply> action(List<String> segments) {
    return switch (segments.getLast()) {
      case "retry" -> _ -> PumpsApi.retry(found(segments), key(segments));
      case "unblock" -> _ -> PumpsApi.unblock(found(segments), key(segments));
      case "skip" -> _ -> PumpsApi.skip(found(segments), key(segments));
      default -> throw ApiWork.notFound();
    };
  }

  private Handler get(Request head, Function<Request, Reply> answer) {
    if (!head.method().equals("GET")) {
      throw ApiWork.notAllowed("GET");
    }
    return work.answering(answer);
  }

  private Handler post(Request head, Function<Request, Reply> answer) {
    if (!head.method().equals("POST")) {
      throw ApiWork.notAllowed("POST");
    }
    return work.answering(answer);
  }

  private PumpDesk found(List<String> segments) {
    var name = decoded(segments.getFirst());
    return pumps.get().stream()
        .filter(pump -> pump.view().pump().equals(name))
        .findFirst()
        .orElseThrow(ApiWork::notFound);
  }

  private static String key(List<String> segments) {
    return decoded(segments.get(2));
  }

  /// A plus is a plus in a path.
  private static String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw Problem.of(400, "malformed", "a key or a name must be percent-encoded UTF-8").refuse();
    }
  }
}
