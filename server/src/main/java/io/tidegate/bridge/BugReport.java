package io.tidegate.bridge;

import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Responder;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends a unit of work that is on a thread of its own, where the dispatcher does not see it fail:
/// whatever happens, the caller hears.
final class BugReport {
  private static final Logger LOG = LoggerFactory.getLogger(BugReport.class);

  private BugReport() {}

  static void guarded(Responder responder, Runnable work) {
    try {
      work.run();
    } catch (Problem.Refusal refusal) {
      responder.reply(Reply.of(refusal.problem()));
    } catch (RuntimeException bug) {
      responder.reply(Reply.of(Problem.of(500, "internal", "error " + write(bug))));
    }
  }

  /// Logs a bug once, and gives the id under which it can be found.
  static String write(RuntimeException bug) {
    var id = UUID.randomUUID().toString();
    LOG.atError().addKeyValue("error", id).setCause(bug).log("request failed");
    return id;
  }
}
