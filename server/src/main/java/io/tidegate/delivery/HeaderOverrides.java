package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.delivery.RecordHeaders.Refusal;
import io.tidegate.http.Headers;
import io.tidegate.log.Stored;
import io.tidegate.plan.HeaderTemplate;
import io.tidegate.plan.Template;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Headers that the configuration forces on requests, filled in from the record.
record HeaderOverrides(Stored record, RecordRequests.Asked.Request asked, String id)
    implements Template.Scope {

  /// @throws Refusal when the record makes a value of it that cannot be sent
  Headers apply(Headers fields, List<HeaderTemplate> overrides) {
    var changed = fields;
    for (var override : overrides) {
      var value = override.value().render(this).strip();
      if (!RecordHeaders.isName(override.name()) || !RecordHeaders.isValue(value)) {
        throw new Refusal("header " + override.name() + " of the route cannot be filled in");
      }
      changed = set(changed, override.name().toLowerCase(Locale.ROOT), value);
    }
    return changed;
  }

  static Headers set(Headers fields, String name, String value) {
    return fields.without(name::equals).with(name, value);
  }

  @Override
  public Optional<String> value(Template.Part place) {
    return switch (place) {
      case Template.Part.Text(var text) -> Optional.of(text);
      case Template.Part.RequestHeader(var name) -> header(name);
      case Template.Part.IdempotencyKey() -> Optional.of(id);
      case Template.Part.CorrelationId() -> header(RecordWords.CORRELATION).or(() -> value(id));
      case Template.Part.Method() -> Optional.of(asked.method());
      case Template.Part.Path() -> Optional.of(asked.target().path());
      case Template.Part.Url() -> Optional.of(asked.target().url());
      case Template.Part.Param _,
          Template.Part.Identity _,
          Template.Part.Attribute _,
          Template.Part.Query _,
          Template.Part.Status _ ->
          Optional.empty();
    };
  }

  private static Optional<String> value(String text) {
    return Optional.of(text);
  }

  private Optional<String> header(String name) {
    return record
        .header(name)
        .map(Bytes::array)
        .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1));
  }
}
