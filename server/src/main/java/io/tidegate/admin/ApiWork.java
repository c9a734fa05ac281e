package io.tidegate.admin;

import io.tidegate.http.Handler;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers management requests where they may wait.
///
/// @param workers runs what may wait, each on a thread of its own
record ApiWork(Executor workers) {
  private static final Logger LOG = LoggerFactory.getLogger(ApiWork.class);

  Handler answering(Function<Request, Reply> answer) {
    return new Handler() {
      @Override
      public void handle(Request request, Responder responder) {
        workers.execute(() -> responder.reply(safely(answer, request)));
      }

      @Override
      public long bodyLimit() {
        return ApiJson.BODY_LIMIT;
      }
    };
  }

  private static Reply safely(Function<Request, Reply> answer, Request request) {
    try {
      return answer.apply(request);
    } catch (Problem.Refusal refusal) {
      return Reply.of(refusal.problem());
    } catch (RuntimeException bug) {
      var id = UUID.randomUUID().toString();
      LOG.atError().addKeyValue("error", id).setCause(bug).log("a management request failed");
      return Reply.of(Problem.of(500, "internal", "error " + id));
    }
  }

  static Problem.Refusal notFound() {
    return Problem.of(404, "not_found", "there is nothing of that name").refuse();
  }

  static Problem.Refusal notAllowed(String methods) {
    return Problem.of(405, "method_not_allowed", "only " + methods).with("allow", methods).refuse();
  }
}
