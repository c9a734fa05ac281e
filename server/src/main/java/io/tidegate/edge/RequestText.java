package io.tidegate.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.tidegate.http.Call;
import io.tidegate.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// A call as HTTP/1.1 writes it. What would break out of its line is refused.
final class RequestText {
  static final String USER_AGENT = "Tidegate";

  private static final byte[] VERSION = ascii(" HTTP/1.1\r\nhost: ");
  private static final byte[] SEPARATOR = ascii(": ");
  private static final byte[] LINE_END = ascii("\r\n");
  private static final byte[] AGENT = ascii("user-agent: " + USER_AGENT + "\r\n");
  private static final byte[] LENGTH = ascii("content-length: ");
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");
  private static final boolean[] TOKEN = new boolean[128];

  static {
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        .chars()
        .forEach(c -> TOKEN[c] = true);
  }

  private RequestText() {}

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /// Whether a request of that method says how long its body is even when it has none.
  static boolean saysLength(Call call) {
    return !call.body().isEmpty() || WITH_BODY.contains(call.method());
  }

  /// What the client says by itself, or what concerns only the connection.
  static boolean isOurs(String name) {
    return name.equals("host") || name.equals("content-length") || FieldNames.hopByHop(name);
  }

  static String host(Call call) {
    return call.headers().first("host").orElseGet(() -> call.target().authority());
  }

  /// Refuses what would be read otherwise than it is meant.
  ///
  /// @throws IllegalArgumentException with a sentence
  static void check(Call call) {
    token(call.method(), "the method");
    visible(call.target().path(), "the path");
    visible(host(call), "the host");
    for (var field : call.headers().fields()) {
      token(field.name(), "a header name");
      value(field);
    }
  }

  private static void token(String text, String what) {
    boolean fine = !text.isEmpty();
    for (int i = 0; i < text.length() && fine; i++) {
      char c = text.charAt(i);
      fine = c < 128 && TOKEN[c];
    }
    demand(fine, what + " holds a character that is not allowed");
  }

  private static void visible(String text, String what) {
    boolean fine = !text.isEmpty();
    for (int i = 0; i < text.length() && fine; i++) {
      char c = text.charAt(i);
      fine = c > ' ' && c < 0x7f;
    }
    demand(fine, what + " holds a character that is not allowed");
  }

  private static void value(Headers.Field field) {
    var value = field.value();
    boolean fine = true;
    for (int i = 0; i < value.length() && fine; i++) {
      char c = value.charAt(i);
      fine = c == '\t' || (c >= ' ' && c != 0x7f);
    }
    demand(fine, "the header " + field.name() + " holds a control character");
  }

  private static void demand(boolean fine, String otherwise) {
    if (!fine) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /// The head of a call that was checked, with the blank line.
  ///
  /// @param whole the target is written as a URL, as proxies want it
  static void write(Call call, boolean whole, ByteBuf out) {
    ByteBufUtil.writeAscii(out, call.method());
    out.writeByte(' ');
    ByteBufUtil.writeAscii(out, whole ? call.target().url() : call.target().path());
    out.writeBytes(VERSION);
    ByteBufUtil.writeAscii(out, host(call));
    out.writeBytes(LINE_END);
    boolean agent = false;
    for (var field : call.headers().fields()) {
      if (!isOurs(field.name())) {
        ByteBufUtil.writeAscii(out, field.name());
        out.writeBytes(SEPARATOR);
        ByteBufUtil.writeUtf8(out, field.value());
        out.writeBytes(LINE_END);
        agent |= field.name().equals("user-agent");
      }
    }
    if (!agent) {
      out.writeBytes(AGENT);
    }
    if (saysLength(call)) {
      out.writeBytes(LENGTH);
      ByteBufUtil.writeAscii(out, Integer.toString(call.body().size()));
      out.writeBytes(LINE_END);
    }
    out.writeBytes(LINE_END);
  }
}
