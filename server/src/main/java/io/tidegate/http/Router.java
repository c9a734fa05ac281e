package io.tidegate.http;

/// Finds who answers a request, from its head alone (its body is still empty), so that a wrong
/// path, a wrong method or a body too large is refused before the body is read.
///
/// Runs on the event loop. Refuses by throwing `Problem.Refusal`.
@FunctionalInterface
public interface Router {
  Handler route(Request head);
}
