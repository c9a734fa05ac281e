package io.tidegate.inbox;

import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.http.Responder;

/// For requests that somebody else answers.
enum Silent implements Responder {
  RESPONDER;

  @Override
  public void reply(Reply reply) {}

  @Override
  public Outflow open(int status, Headers headers) {
    throw new IllegalStateException("answered already");
  }

  @Override
  public void onGone(Runnable action) {}
}
