package io.tidegate.http;

import io.tidegate.base.Bytes;

/// The way back to the caller. Any thread may use it; the first `reply` or `open` wins and later
/// ones do nothing.
public interface Responder {

  void reply(Reply reply);

  /// Starts a reply whose body comes piece by piece. Its end is not known, unless the headers have
  /// a `content-length`, which the pieces must then add up to.
  Outflow open(int status, Headers headers);

  /// Closes the connection in place of a reply, where that can be done: for those who play a server
  /// that fails.
  default void drop() {
    reply(Reply.of(500));
  }

  /// Runs `action` when the caller hangs up before the reply is complete (at once if it already
  /// did).
  void onGone(Runnable action);

  /// Runs `action` when requests in work should come to their end, since the listener stops. Never,
  /// once the reply is complete.
  default void onClosing(Runnable action) {}

  /// Lets the caller renew `session` until the reply is complete. To be called before the handler
  /// returns.
  default Tenure hold(Session session) {
    return Tenure.fixed(session);
  }

  /// The body of a started reply. Any thread may use it; writes keep their order.
  interface Outflow {

    /// Queues a piece. The count of bytes queued but not yet taken by the socket is what comes
    /// back, so that a writer can stop before it is too far ahead.
    long write(Bytes piece);

    /// Runs `action` once, when what is queued has gone down again to `bytes` or less.
    void onDrained(long bytes, Runnable action);

    void end();

    /// Breaks the reply off so that the caller can see that it is not whole.
    void abort();
  }
}
