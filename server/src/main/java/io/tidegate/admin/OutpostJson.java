package io.tidegate.admin;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.registry.Judgement.Fault;
import io.tidegate.registry.Outcome;
import java.util.List;

/// Errors in the shape that Outpost's clients read.
///
///     {"status":422,"message":"validation error","data":["config.url is required"]}
final class OutpostJson {
  private OutpostJson() {}

  static Reply error(int status, String message, List<String> data, Headers headers) {
    var body = ApiJson.object().put("status", status).put("message", message);
    if (!data.isEmpty()) {
      data.forEach(body.putArray("data")::add);
    }
    var all =
        Headers.of("content-type", "application/json", "cache-control", "no-store")
            .withAll(headers);
    return new Reply(
        status, status == 503 ? all.with("retry-after", "1") : all, Bytes.utf8(body.toString()));
  }

  /// With a word for programs.
  static Reply error(int status, String message, String word) {
    var body = ApiJson.object().put("status", status).put("message", message);
    body.putObject("data").put("error", word);
    return ApiJson.reply(status, body);
  }

  static Reply error(int status, String message) {
    return error(status, message, List.of(), Headers.NONE);
  }

  static Reply error(Problem problem) {
    return error(problem.status(), problem.detail(), List.of(), problem.headers());
  }

  static Reply invalid(List<Fault> faults) {
    return error(422, "validation error", sentences(faults), Headers.NONE);
  }

  static List<String> sentences(List<Fault> faults) {
    return faults.stream().map(OutpostJson::sentence).toList();
  }

  /// `/config/url` and `is required` as `config.url is required`.
  private static String sentence(Fault fault) {
    return fault.pointer().isEmpty()
        ? fault.message()
        : fault.pointer().substring(1).replace('/', '.') + " " + fault.message();
  }

  /// What is said about a change that was not made.
  static Reply refused(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted _ -> throw new IllegalStateException("nothing was refused");
      case Outcome.Rejected(var code, var faults) ->
          switch (code) {
            case "unknown" -> error(404, "not found");
            case "exists", "version_conflict" ->
                error(409, faults.isEmpty() ? "conflict" : faults.getFirst().message());
            default -> invalid(faults);
          };
      case Outcome.Unavailable _ -> error(503, "the change cannot be stored now");
      case Outcome.Unknown _ ->
          error(503, "the change may have been made; read it before you try again");
    };
  }
}
