package io.tidegate.edge;

import io.tidegate.guard.Guard;
import io.tidegate.http.Request;
import java.util.List;
import java.util.Optional;

/// Hears of every request. Called on the event loops: it must not block.
public interface AccessLog {

  /// Nobody listens.
  AccessLog NONE =
      new AccessLog() {
        @Override
        public void accepted(Request request, Optional<String> identity) {}

        @Override
        public void replied(Request request, Completion completion) {}
      };

  /// The status of a request whose sender left before there was a reply.
  int GONE = 499;

  /// A request has begun; exactly one `replied` will follow.
  default void began() {}

  /// A route was found for a request.
  ///
  /// @param identity who the caller proved to be
  void accepted(Request request, Optional<String> identity);

  /// A caller's credentials were turned down.
  ///
  /// @param reason holds no part of the credentials
  default void rejected(Request request, Guard guard, String reason) {}

  /// It is over with a request, whether a route was found or not.
  void replied(Request request, Completion completion);

  /// How a request ended.
  ///
  /// @param status `GONE` when the caller left before there was a reply
  /// @param received bytes of the request's body
  /// @param sent bytes of the reply's body
  /// @param nanos since the head had arrived
  record Completion(int status, long received, long sent, long nanos) {}

  /// All of them.
  static AccessLog of(List<AccessLog> logs) {
    if (logs.isEmpty()) {
      return NONE;
    }
    return logs.size() == 1
        ? logs.getFirst()
        : new AccessLog() {
          @Override
          public void began() {
            logs.forEach(AccessLog::began);
          }

          @Override
          public void accepted(Request request, Optional<String> identity) {
            logs.forEach(log -> log.accepted(request, identity));
          }

          @Override
          public void rejected(Request request, Guard guard, String reason) {
            logs.forEach(log -> log.rejected(request, guard, reason));
          }

          @Override
          public void replied(Request request, Completion completion) {
            logs.forEach(log -> log.replied(request, completion));
          }
        };
  }
}
