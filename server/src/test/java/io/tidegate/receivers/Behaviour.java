package io.tidegate.receivers;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// What a receiver does with one request.
@FunctionalInterface
public interface Behaviour {
  void answer(Conversation.Request request, Conversation to)
      throws IOException, InterruptedException;

  /// A whole and proper reply. Names and values of headers in turn.
  static Behaviour status(int status, String... headers) {
    return (_, to) -> to.reply(status, "", headers);
  }

  static Behaviour body(int status, String body, String... headers) {
    return (_, to) -> to.reply(status, body, headers);
  }

  static Behaviour retryAfter(int status, Duration wait) {
    return status(status, "retry-after", Long.toString(wait.toSeconds()));
  }

  static Behaviour retryAfter(int status, Instant until) {
    var date = DateTimeFormatter.RFC_1123_DATE_TIME.format(until.atOffset(ZoneOffset.UTC));
    return (_, to) ->
        to.say(
            "HTTP/1.1 "
                + status
                + " Later\r\nRetry-After: "
                + date
                + "\r\ncontent-length: 0\r\n\r\n");
  }

  /// Exactly these bytes, and the connection stays open.
  static Behaviour raw(String bytes) {
    return (_, to) -> to.say(bytes);
  }

  static Behaviour rawThenClose(String bytes) {
    return (_, to) -> {
      to.say(bytes);
      to.close();
    };
  }

  /// Closes without a word.
  static Behaviour close() {
    return (_, to) -> to.close();
  }

  static Behaviour reset() {
    return (_, to) -> to.reset();
  }

  static Behaviour resetMidHead() {
    return (_, to) -> {
      to.say("HTTP/1.1 200 OK\r\ncontent-le");
      to.reset();
    };
  }

  static Behaviour resetMidBody() {
    return (_, to) -> {
      to.say("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc");
      to.reset();
    };
  }

  /// Takes the request and never answers.
  static Behaviour stall() {
    return (_, to) -> to.stall();
  }

  static Behaviour stallMidHead() {
    return rawThenStall("HTTP/1.1 200 OK\r\ncontent-le");
  }

  static Behaviour stallAfterHead() {
    return rawThenStall("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n");
  }

  static Behaviour rawThenStall(String bytes) {
    return (_, to) -> {
      to.say(bytes);
      to.stall();
    };
  }

  /// A proper reply, a byte at a time, which never ends within the life of a test.
  static Behaviour drip(Duration between) {
    return (_, to) -> {
      to.say("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
      for (int i = 0; i < 100_000; i++) {
        Thread.sleep(between);
        to.say("x");
      }
    };
  }

  /// As many bytes as anybody takes, without saying how many.
  static Behaviour endless() {
    return (_, to) -> {
      to.say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
      var piece = ("10000\r\n" + "x".repeat(0x10000) + "\r\n");
      while (true) {
        to.say(piece);
      }
    };
  }

  /// Gigabytes, announced.
  static Behaviour gigabytes(int count) {
    return (_, to) -> {
      to.say("HTTP/1.1 200 OK\r\ncontent-length: " + ((long) count << 30) + "\r\n\r\n");
      var piece = "x".repeat(0x10000);
      while (true) {
        to.say(piece);
      }
    };
  }

  /// Replies properly, and then closes what it has promised to keep open.
  static Behaviour closeAfter(int status) {
    return (_, to) -> {
      to.reply(status, "");
      to.close();
    };
  }

  static Behaviour interims(int count, int status, Behaviour then) {
    return (request, to) -> {
      for (int i = 0; i < count; i++) {
        to.say("HTTP/1.1 " + status + " Interim\r\nlink: </a>\r\n\r\n");
      }
      then.answer(request, to);
    };
  }

  static Behaviour noContentWithBody() {
    return raw("HTTP/1.1 204 No Content\r\n\r\nsurprise");
  }

  static Behaviour delayed(Duration delay, Behaviour then) {
    return (request, to) -> {
      Thread.sleep(delay);
      then.answer(request, to);
    };
  }
}
