package io.tidegate.plan;

import io.tidegate.config.Reference;
import io.tidegate.config.Template.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Templates of the configuration, made ready to be filled in.
final class Templates {
  private Templates() {}

  static Template of(io.tidegate.config.Template template) {
    return new Template(template.parts().stream().map(Templates::part).toList());
  }

  static List<HeaderTemplate> headers(Map<String, io.tidegate.config.Template> named) {
    var headers = new ArrayList<HeaderTemplate>();
    named.forEach((name, template) -> headers.add(new HeaderTemplate(name, of(template))));
    return headers;
  }

  static List<HeaderTemplate> literalHeaders(Map<String, String> named) {
    var headers = new ArrayList<HeaderTemplate>();
    named.forEach((name, value) -> headers.add(new HeaderTemplate(name, Template.text(value))));
    return headers;
  }

  /// `namespace:name`
  static String name(Reference reference) {
    return reference.namespace() + ":" + reference.name();
  }

  private static Template.Part part(Part part) {
    return switch (part) {
      case Part.Text(var text) -> new Template.Part.Text(text);
      case Part.Param(var name) -> new Template.Part.Param(name);
      case Part.Identity(var guard) -> new Template.Part.Identity(name(guard));
      case Part.Attribute(var guard, var name) -> new Template.Part.Attribute(name(guard), name);
      case Part.IdempotencyKey() -> new Template.Part.IdempotencyKey();
      case Part.CorrelationId() -> new Template.Part.CorrelationId();
      case Part.HeaderValue(var name) -> new Template.Part.RequestHeader(name);
      case Part.Method() -> new Template.Part.Method();
      case Part.Path() -> new Template.Part.Path();
      case Part.QueryValue(var name) -> new Template.Part.Query(name);
      case Part.Url() -> new Template.Part.Url();
      case Part.Status() -> new Template.Part.Status();
    };
  }
}
