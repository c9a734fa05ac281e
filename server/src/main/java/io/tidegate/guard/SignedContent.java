package io.tidegate.guard;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a signature is made over, as a template: `{timestamp}.{body}`.
///
/// Places are `{body}` (the raw bytes), `{timestamp}` and `{id}` (as they were sent), `{url}`,
/// `{method}`, `{path}` (the URL's, without query) and `{header:Name}`.
public final class SignedContent {
  public static final SignedContent BODY = of("{body}");

  private static final String HEADER = "header:";

  private final String template;
  private final List<Part> parts;

  private SignedContent(String template, List<Part> parts) {
    this.template = template;
    this.parts = parts;
  }

  /// @throws IllegalArgumentException when the template has a place that nothing fills, or no
  ///   `{body}`: a signature that leaves the body open proves nothing about it
  public static SignedContent of(String template) {
    var parts = new ArrayList<Part>();
    int at = 0;
    while (at < template.length()) {
      int open = template.indexOf('{', at);
      if (open != at) {
        var end = open < 0 ? template.length() : open;
        parts.add(new Part.Text(Bytes.utf8(template.substring(at, end))));
        at = end;
      } else {
        int close = template.indexOf('}', open);
        parts.add(place(template.substring(open + 1, close < 0 ? template.length() : close)));
        at = close < 0 ? template.length() : close + 1;
      }
    }
    if (!parts.contains(new Part.Body())) {
      throw new IllegalArgumentException("signed content must have {body}");
    }
    return new SignedContent(template, List.copyOf(parts));
  }

  private static Part place(String name) {
    return switch (name) {
      case "body" -> new Part.Body();
      case "timestamp" -> new Part.Timestamp();
      case "id" -> new Part.Id();
      case "url" -> new Part.Url();
      case "method" -> new Part.Method();
      case "path" -> new Part.Path();
      default -> {
        if (name.startsWith(HEADER) && name.length() > HEADER.length()) {
          yield new Part.Header(name.substring(HEADER.length()).toLowerCase(Locale.ROOT));
        }
        throw new IllegalArgumentException(
            "signed content has {body}, {timestamp}, {id}, {url}, {method}, {path} and"
                + " {header:Name}, but no {"
                + name
                + "}");
      }
    };
  }

  boolean hasTimestamp() {
    return parts.contains(new Part.Timestamp());
  }

  boolean hasHeader(String name) {
    return parts.contains(new Part.Header(name));
  }

  boolean hasId() {
    return parts.contains(new Part.Id());
  }

  /// The bytes in order, the body itself uncopied; nothing when a header is not there exactly once.
  Optional<List<Bytes>> fill(Values values) {
    var bytes = new ArrayList<Bytes>(parts.size());
    for (var part : parts) {
      switch (part) {
        case Part.Text(var text) -> bytes.add(text);
        case Part.Body() -> bytes.add(values.body);
        case Part.Timestamp() -> bytes.add(Inbound.wire(values.timestamp));
        case Part.Id() -> bytes.add(Inbound.wire(values.id));
        case Part.Url() -> bytes.add(Bytes.utf8(values.url));
        case Part.Method() -> bytes.add(Bytes.utf8(values.method));
        case Part.Path() -> bytes.add(Bytes.utf8(values.path()));
        case Part.Header(var name) -> {
          var fields = values.headers.fields().stream().filter(f -> f.name().equals(name)).toList();
          if (fields.size() != 1) {
            return Optional.empty();
          }
          bytes.add(Inbound.wire(fields.getFirst().value()));
        }
      }
    }
    return Optional.of(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignedContent that && template.equals(that.template);
  }

  @Override
  public int hashCode() {
    return template.hashCode();
  }

  @Override
  public String toString() {
    return template;
  }

  /// What the places are filled with.
  record Values(
      String timestamp, String id, String method, String url, Headers headers, Bytes body) {

    private String path() {
      int authority = url.indexOf("://");
      int start = url.indexOf('/', authority < 0 ? 0 : authority + 3);
      int query = url.indexOf('?');
      if (start < 0 || (query >= 0 && query < start)) {
        return "/";
      }
      return query < 0 ? url.substring(start) : url.substring(start, query);
    }
  }

  private sealed interface Part {
    record Text(Bytes text) implements Part {}

    record Body() implements Part {}

    record Timestamp() implements Part {}

    record Id() implements Part {}

    record Url() implements Part {}

    record Method() implements Part {}

    record Path() implements Part {}

    record Header(String name) implements Part {}
  }
}
