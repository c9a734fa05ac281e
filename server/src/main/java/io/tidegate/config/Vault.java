package io.tidegate.config;

import io.tidegate.base.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Keys and certificates in files.
public record Vault(
    Place place,
    String namespace,
    String name,
    Optional<Vault.Store> keys,
    Optional<Vault.Store> trust,
    Optional<Vault.Store> signers,
    boolean revocation) {

  /// A key store file. `entries` limits it to these aliases, empty means all.
  public record Store(
      Place place, String store, String type, Optional<Secret> password, List<String> entries) {}

  static Optional<Vault> read(String name, Value value) {
    Map<String, Function<Mapping, Vault>> types =
        Map.of("filesystem", vault -> vault.section("options", it -> filesystem(name, it)));
    return Form.typed(types).read(value);
  }

  private static Vault filesystem(String name, Mapping options) {
    var store = Form.mapping(Vault::store);
    return new Vault(
        options.place(),
        options.reading().namespace(),
        name,
        options.optional("keys", store),
        options.optional("trust", store),
        options.optional("signers", store),
        options.or("revocation", Form.FLAG, false));
  }

  private static Store store(Mapping store) {
    return new Store(
        store.place(),
        store.required("store", Form.TEXT),
        store.or("type", Form.TEXT, "pkcs12"),
        store.optional("password", Form.SECRET),
        store.list("entries", Form.TEXT));
  }
}
