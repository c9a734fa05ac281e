package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.http.Call;
import io.tidegate.http.Client;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Answers as it was told to, and keeps what it was asked to send.
final class FakeClient implements Client {
  private static final Timings NONE = new Timings(-1, -1, -1, -1, 1);

  private final Deque<Result> answers = new ArrayDeque<>();
  private final List<Call> sent = new ArrayList<>();
  private final List<Limits> limits = new ArrayList<>();

  synchronized void answer(int status) {
    answer(status, Headers.NONE, "");
  }

  synchronized void answer(int status, Headers headers, String body) {
    var reply = new Reply(status, headers, Bytes.utf8(body));
    answers.add(new Result.Replied(reply, reply.body().size(), NONE, "203.0.113.7"));
  }

  synchronized void answerCut(int status, String body, long length) {
    var reply = new Reply(status, Headers.NONE, Bytes.utf8(body));
    answers.add(new Result.Replied(reply, length, NONE, "203.0.113.7"));
  }

  synchronized void fail(Failure failure) {
    answers.add(new Result.Failed(failure, "no luck", NONE));
  }

  @Override
  public synchronized Result send(Call call, Limits given) {
    sent.add(call);
    limits.add(given);
    return answers.remove();
  }

  synchronized Call sent(int index) {
    return sent.get(index);
  }

  synchronized int count() {
    return sent.size();
  }

  synchronized Limits limits() {
    return limits.getLast();
  }

  @Override
  public void close() {}
}
