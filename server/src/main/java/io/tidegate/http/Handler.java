package io.tidegate.http;

/// Answers requests. Runs on the event loop: it must not block, and it must see to it that
/// `responder` is used once, now or later, from whatever thread.
///
/// A refusal may be thrown (`Problem.Refusal`) as long as nothing was replied.
@FunctionalInterface
public interface Handler {

  /// What bodies are held to when a handler does not say otherwise.
  long DEFAULT_BODY_LIMIT = 1 << 20;

  void handle(Request request, Responder responder);

  /// Bodies beyond this many bytes get 413 before they are read whole.
  default long bodyLimit() {
    return DEFAULT_BODY_LIMIT;
  }

  /// What the sender of a body beyond the limit is told. The body is not there.
  ///
  /// @param usual what is said where nobody cares
  default Problem tooLarge(Request head, Problem usual) {
    return usual;
  }
}
