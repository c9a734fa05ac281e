package io.tidegate.plan;

import java.util.List;
import java.util.Optional;

/// A text with places to be filled in from a request: `orders-${params.region}`.
///
/// Immutable; any thread.
public record Template(List<Part> parts) {
  public Template {
    parts = List.copyOf(parts);
  }

  public static Template text(String text) {
    return new Template(List.of(new Part.Text(text)));
  }

  /// The text itself when nothing has to be filled in.
  public Optional<String> constant() {
    return parts.isEmpty()
        ? Optional.of("")
        : parts.size() == 1 && parts.getFirst() instanceof Part.Text(var text)
            ? Optional.of(text)
            : Optional.empty();
  }

  /// Fills in every place; what `scope` does not know becomes nothing.
  public String render(Scope scope) {
    if (parts.size() == 1) {
      return render(parts.getFirst(), scope);
    }
    var out = new StringBuilder();
    for (var part : parts) {
      out.append(render(part, scope));
    }
    return out.toString();
  }

  private static String render(Part part, Scope scope) {
    return part instanceof Part.Text(var text) ? text : scope.value(part).orElse("");
  }

  /// The template as it would be written.
  @Override
  public String toString() {
    var out = new StringBuilder();
    parts.forEach(part -> out.append(part.source()));
    return out.toString();
  }

  /// Where values come from: one request.
  @FunctionalInterface
  public interface Scope {
    Optional<String> value(Part place);
  }

  /// A piece of a template: text, or a place to be filled in.
  public sealed interface Part {

    /// As it is written in the configuration.
    String source();

    record Text(String text) implements Part {
      @Override
      public String source() {
        return text;
      }
    }

    /// A named group of the pattern that matched.
    record Param(String name) implements Part {
      @Override
      public String source() {
        return "${params." + name + "}";
      }
    }

    record Identity(String guard) implements Part {
      @Override
      public String source() {
        return "${guarded['" + guard + "'].identity}";
      }
    }

    record Attribute(String guard, String name) implements Part {
      @Override
      public String source() {
        return "${guarded['" + guard + "'].attributes." + name + "}";
      }
    }

    /// The idempotency header, or a random UUID when the caller sent none.
    record IdempotencyKey() implements Part {
      @Override
      public String source() {
        return "${idempotencyKey}";
      }
    }

    record CorrelationId() implements Part {
      @Override
      public String source() {
        return "${correlationId}";
      }
    }

    record RequestHeader(String name) implements Part {
      @Override
      public String source() {
        return "${headers." + name + "}";
      }
    }

    record Query(String name) implements Part {
      @Override
      public String source() {
        return "${query." + name + "}";
      }
    }

    record Method() implements Part {
      @Override
      public String source() {
        return "${method}";
      }
    }

    record Path() implements Part {
      @Override
      public String source() {
        return "${path}";
      }
    }

    /// The status of the reply, in labels of measurements.
    record Status() implements Part {
      @Override
      public String source() {
        return "${http.response.status}";
      }
    }

    /// The full inbound URL.
    record Url() implements Part {
      @Override
      public String source() {
        return "${url}";
      }
    }
  }
}
