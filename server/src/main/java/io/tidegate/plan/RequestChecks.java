package io.tidegate.plan;

import io.tidegate.config.Fault;
import io.tidegate.config.GatewayConfig;
import io.tidegate.config.Http;
import io.tidegate.model.Model;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The `requests` of `http` bindings, with their models compiled.
final class RequestChecks {
  private final Models models;
  private final Faults faults;

  RequestChecks(GatewayConfig config, Faults faults) {
    this.models = new Models(config, faults);
    this.faults = faults;
  }

  List<RequestCheck> of(Http http) {
    return http.options().requests().stream().map(this::check).toList();
  }

  private RequestCheck check(Http.RequestCheck from) {
    return new RequestCheck(
        Pattern.of(from.path().text()),
        from.method(),
        from.contentTypes(),
        all(from.headers()),
        all(from.pathParams()),
        all(from.queryParams()),
        from.content().flatMap(this::model),
        from.responses().stream()
            .map(it ->
                new RequestCheck.ReplyCheck(
                    it.statuses(),
                    it.contentTypes(),
                    all(it.headers()),
                    it.content().flatMap(this::model)))
            .toList());
  }

  private Map<String, Model> all(Map<String, io.tidegate.config.Model> named) {
    var compiled = new LinkedHashMap<String, Model>();
    named.forEach((name, model) -> model(model).ifPresent(it -> compiled.put(name, it)));
    return compiled;
  }

  /// HTTP has no inside and outside between which a value could be converted.
  private Optional<Model> model(io.tidegate.config.Model from) {
    var model = models.of(from, Optional.empty());
    if (model.isPresent() && model.get().converts()) {
      faults.add(
          Fault.of(
              from.place(),
              "'view: json' converts between HTTP and a topic",
              "a model without it, or the model at the cache_client"));
    }
    return model;
  }
}
