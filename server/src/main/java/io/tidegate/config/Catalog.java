package io.tidegate.config;

import io.tidegate.base.Secret;
import io.tidegate.config.Reference.Target;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Where schemas come from.
public sealed interface Catalog {

  Place place();

  String namespace();

  String name();

  /// The file itself.
  record Inline(Place place, String namespace, String name, Map<String, Subject> subjects)
      implements Catalog {}

  /// One schema.
  record Subject(Place place, String schema, String version) {}

  /// Files: subject to path.
  record Files(Place place, String namespace, String name, Map<String, String> subjects)
      implements Catalog {}

  /// A schema registry over HTTP.
  record Registry(
      Place place,
      String namespace,
      String name,
      RegistryType type,
      URI url,
      String context,
      Duration maxAge,
      Optional<Reference> vault,
      Optional<Tls> tls,
      Optional<Secret> authorization,
      Optional<Apicurio> apicurio)
      implements Catalog {}

  /// Of a registry.
  enum RegistryType {
    SCHEMA_REGISTRY,
    KARAPACE,
    APICURIO
  }

  /// How the registry and we know each other.
  record Tls(List<String> keys, List<String> trust, Optional<Boolean> trustcacerts) {}

  /// What only Apicurio has.
  record Apicurio(String groupId, String useId, String idEncoding) {}

  /// Empty when the type is not known.
  static Optional<Catalog> read(String name, Value value) {
    Map<String, Function<Mapping, Catalog>> types =
        Map.of(
            "inline", catalog -> catalog.section("options", it -> inline(name, it)),
            "filesystem", catalog -> catalog.section("options", it -> files(name, it)),
            "schema-registry", catalog -> registry(name, RegistryType.SCHEMA_REGISTRY, catalog),
            "karapace", catalog -> registry(name, RegistryType.KARAPACE, catalog),
            "apicurio", catalog -> registry(name, RegistryType.APICURIO, catalog));
    return Form.typed(types).read(value);
  }

  private static Catalog registry(String name, RegistryType type, Mapping catalog) {
    var vault = catalog.optional("vault", Form.reference(Target.VAULT));
    return catalog.section("options", options -> registry(name, type, vault, options));
  }

  private static Catalog inline(String name, Mapping options) {
    var subject =
        Form.mapping(it ->
            new Subject(
                it.place(),
                it.required("schema", Form.TEXT),
                it.or("version", Form.TEXT, "latest")));
    return new Inline(
        options.place(),
        options.reading().namespace(),
        name,
        options.required("subjects", Form.mapOf(subject)));
  }

  private static Catalog files(String name, Mapping options) {
    var subject = Form.mapping(it -> it.required("path", Form.TEXT));
    return new Files(
        options.place(),
        options.reading().namespace(),
        name,
        options.required("subjects", Form.mapOf(subject)));
  }

  private static Catalog registry(
      String name, RegistryType type, Optional<Reference> vault, Mapping options) {
    return new Registry(
        options.place(),
        options.reading().namespace(),
        name,
        type,
        options.required("url", Form.HTTP_URI),
        options.or("context", Form.TEXT, "default"),
        options.or("max-age", Form.seconds(0), Duration.ofMinutes(5)),
        vault,
        options.optional("tls", Form.mapping(Catalog::tls)),
        options.section("credentials", Telemetry::authorization),
        type == RegistryType.APICURIO ? Optional.of(apicurio(options)) : Optional.empty());
  }

  static Tls tls(Mapping tls) {
    return new Tls(
        tls.list("keys", Form.TEXT),
        tls.list("trust", Form.TEXT),
        tls.optional("trustcacerts", Form.FLAG));
  }

  private static Apicurio apicurio(Mapping options) {
    return new Apicurio(
        options.or("group-id", Form.TEXT, "default"),
        options.or("use-id", Form.TEXT, "globalId"),
        options.or("id-encoding", Form.TEXT, "default"));
  }
}
