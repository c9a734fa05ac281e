package io.tidegate.edge;

import io.tidegate.http.Call;
import io.tidegate.http.Headers;
import io.tidegate.plan.HeaderTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Header fields that a configuration forces on every request of a client. Values with places to be
/// filled in are the business of those who know what is sent.
record ForcedFields(Headers fields) {

  static ForcedFields of(List<HeaderTemplate> templates) {
    var fields = new ArrayList<Headers.Field>();
    for (var template : templates) {
      template
          .value()
          .constant()
          .filter(_ -> !template.name().startsWith(":"))
          .ifPresent(value -> fields.add(new Headers.Field(template.name(), value)));
    }
    return new ForcedFields(Headers.of(fields));
  }

  Call on(Call call) {
    if (fields.size() == 0) {
      return call;
    }
    Set<String> names =
        fields.fields().stream().map(Headers.Field::name).collect(Collectors.toSet());
    return new Call(
        call.method(),
        call.target(),
        call.headers().without(names::contains).withAll(fields),
        call.body());
  }
}
