package io.tidegate.config;

import io.tidegate.config.Reference.Target;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;

/// One document of the file. The maps keep the file's order.
public record Namespace(
    Place place,
    String name,
    Map<String, Binding> bindings,
    Map<String, Guard> guards,
    Map<String, Vault> vaults,
    Map<String, Catalog> catalogs,
    Map<String, Store> stores,
    Telemetry telemetry) {

  /// State that several instances share, in memory here.
  public record Store(Place place, String namespace, String name) {}

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");
  private static final String NAME_EXPECTED =
      "a name: a letter, then letters, digits, '.', '_' or '-'";

  static Namespace read(Mapping document) {
    var name = document.required("name", Form.text(NAME, NAME_EXPECTED));
    document.reading().namespace(name);
    var telemetry = document.section("telemetry", Telemetry::read);
    document.reading().metrics(telemetry.metrics());
    return new Namespace(
        document.place(),
        name,
        named(document, "bindings", Target.BINDING, Binding::read),
        named(document, "guards", Target.GUARD, Guard::read),
        named(document, "vaults", Target.VAULT, Vault::read),
        named(document, "catalogs", Target.CATALOG, Catalog::read),
        named(document, "stores", Target.STORE, Namespace::store),
        telemetry);
  }

  /// Reads a section in which each entry is declared under its name. What cannot be made out, such
  /// as a binding of an unknown type, is left out; its fault is noted.
  private static <T> Map<String, T> named(
      Mapping document, String key, Target target, BiFunction<String, Value, Optional<T>> reader) {
    Form<Map<String, T>> form =
        value -> {
          var read = new LinkedHashMap<String, T>();
          value
              .mapping()
              .entries((name, item) -> declared(target, name, item, reader))
              .forEach((name, item) -> item.ifPresent(it -> read.put(name, it)));
          return Collections.unmodifiableMap(read);
        };
    return document.or(key, form, Map.of());
  }

  private static <T> Optional<T> declared(
      Target target, String name, Value value, BiFunction<String, Value, Optional<T>> reader) {
    value.reading().declare(target, name);
    if (!NAME.matcher(name).matches()) {
      value.fault(Fault.quote(name) + " is not a name", NAME_EXPECTED);
    }
    return reader.apply(name, value);
  }

  private static Optional<Store> store(String name, Value value) {
    Map<String, Function<Mapping, Store>> types =
        Map.of("memory", store -> new Store(store.place(), store.reading().namespace(), name));
    return Form.typed(types).read(value);
  }
}
