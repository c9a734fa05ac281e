package io.tidegate.config;

import io.tidegate.config.Template.Part;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The run-time expressions `${...}`: how each is written and what it becomes.
enum Expression {
  PARAM("params.NAME", (match, _) -> new Part.Param(match.group(1))),
  IDENTITY("guarded['GUARD'].identity", (match, value) -> new Part.Identity(guard(match, value))),
  ATTRIBUTE(
      "guarded['GUARD'].attributes.NAME",
      (match, value) -> new Part.Attribute(guard(match, value), match.group(2))),
  IDEMPOTENCY_KEY("idempotencyKey", (_, _) -> new Part.IdempotencyKey()),
  CORRELATION_ID("correlationId", (_, _) -> new Part.CorrelationId()),
  HEADER("headers.HEADER", (match, _) -> header(match)),
  METHOD("method", (_, _) -> new Part.Method()),
  PATH("path", (_, _) -> new Part.Path()),
  QUERY("query.ANY", (match, _) -> new Part.QueryValue(match.group(1))),
  URL("url", (_, _) -> new Part.Url()),
  HTTP_METHOD("http.request.method", (_, _) -> new Part.Method()),
  HTTP_PATH("http.request.path", (_, _) -> new Part.Path()),
  HTTP_HEADER("http.request.HEADER", (match, _) -> header(match)),
  HTTP_STATUS("http.response.status", (_, _) -> new Part.Status());

  private final String form;
  private final Pattern pattern;

  @SuppressWarnings("ImmutableEnumChecker") // the functions above keep nothing
  private final BiFunction<MatchResult, Value, Part> part;

  Expression(String form, BiFunction<MatchResult, Value, Part> part) {
    this.form = form;
    this.part = part;
    var regex =
        form.replaceAll("[.\\[\\]]", "\\\\$0")
            .replace("NAME", "([A-Za-z_][A-Za-z0-9_]*)")
            .replace("GUARD", "([A-Za-z][A-Za-z0-9._:-]*)")
            .replace("HEADER", "([A-Za-z0-9!#$%&'*+.^_`|~-]+)")
            .replace("ANY", "(.+)");
    this.pattern = Pattern.compile(regex);
  }

  /// `${params.NAME}`
  String spelling() {
    return "${" + form.replace("HEADER", "NAME").replace("ANY", "NAME") + "}";
  }

  /// This expression with the last word of `text` as its name: what `text` might have meant.
  String guess(String text) {
    var name = text.substring(text.lastIndexOf('.') + 1);
    var quoted = text.split("'", -1);
    var guard = quoted.length == 3 ? quoted[1] : "GUARD";
    return "${"
        + form.replaceAll("NAME|HEADER|ANY", name.replaceAll("[\\\\$]", "")).replace("GUARD", guard)
        + "}";
  }

  boolean isSpelled(String text) {
    return pattern.matcher(text).matches();
  }

  Optional<Part> part(String text, Value value) {
    var matcher = pattern.matcher(text);
    return matcher.matches() ? Optional.of(part.apply(matcher, value)) : Optional.empty();
  }

  private static Reference guard(MatchResult match, Value value) {
    return value.reference(Reference.Target.GUARD, match.group(1));
  }

  private static Part header(MatchResult match) {
    return new Part.HeaderValue(match.group(1).toLowerCase(Locale.ROOT));
  }
}
