package io.tidegate.config;

import java.util.List;

/// A text that is completed for each request: literal parts and expressions, in order.
public record Template(Place place, List<Part> parts) {

  public Template {
    parts = List.copyOf(parts);
  }

  /// A template without expressions.
  public static Template literal(Place place, String text) {
    return new Template(place, text.isEmpty() ? List.of() : List.of(new Part.Text(text)));
  }

  /// True when every request yields the same text.
  public boolean isLiteral() {
    return parts.stream().allMatch(Part.Text.class::isInstance);
  }

  /// One piece of a template.
  public sealed interface Part {
    /// Itself.
    record Text(String text) implements Part {}

    /// `${params.NAME}`: a named group of the `when` item that matched.
    record Param(String name) implements Part {}

    /// `${guarded['G'].identity}`
    record Identity(Reference guard) implements Part {}

    /// `${guarded['G'].attributes.NAME}`
    record Attribute(Reference guard, String name) implements Part {}

    /// `${idempotencyKey}`: the idempotency header, or a fresh id.
    record IdempotencyKey() implements Part {}

    /// `${correlationId}`
    record CorrelationId() implements Part {}

    /// `${headers.NAME}`: a request header, the name in lower case.
    record HeaderValue(String name) implements Part {}

    /// `${method}`
    record Method() implements Part {}

    /// `${path}`: without the query.
    record Path() implements Part {}

    /// `${query.NAME}`: the decoded value of a query parameter.
    record QueryValue(String name) implements Part {}

    /// `${url}`: scheme, authority, path and query as they came in.
    record Url() implements Part {}

    /// `${http.response.status}`, in metric attributes.
    record Status() implements Part {}
  }
}
