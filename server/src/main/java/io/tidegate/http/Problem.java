package io.tidegate.http;

import java.time.Duration;

/// An error as a caller sees it: a status, a word that programs can test, a sentence for people.
///
/// Nothing of the inside belongs in it: no class names, no stack traces, no addresses of brokers.
///
/// @param code stable, lower case with underscores
public record Problem(int status, String code, String detail, Headers headers) {

  public static Problem of(int status, String code, String detail) {
    return new Problem(status, code, detail, Headers.NONE);
  }

  /// The same, with the time after which another try makes sense (whole seconds, at least one).
  public Problem retryAfter(Duration wait) {
    var seconds = Math.max(1, wait.plusMillis(999).toSeconds());
    return with("retry-after", Long.toString(seconds));
  }

  public Problem with(String header, String value) {
    return new Problem(status, code, detail, headers.with(header, value));
  }

  public Refusal refuse() {
    return new Refusal(this);
  }

  /// Members `status`, `code` and `detail` of RFC 9457.
  public String json() {
    return "{\"status\":%d,\"code\":\"%s\",\"detail\":\"%s\"}"
        .formatted(status, escape(code), escape(detail));
  }

  private static String escape(String text) {
    var out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        default -> {
          if (c < 0x20 || c == 0x7f || Character.isSurrogate(c)) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.toString();
  }

  /// Thrown where a caller is refused; mapped to a reply once, at the dispatcher. Has no stack
  /// trace.
  public static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    private Refusal(Problem problem) {
      super(problem.code(), null, false, false);
      this.problem = problem;
    }

    public Problem problem() {
      return problem;
    }
  }
}
