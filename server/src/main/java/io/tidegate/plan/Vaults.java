package io.tidegate.plan;

import io.tidegate.base.Secret;
import io.tidegate.config.Fault;
import io.tidegate.config.GatewayConfig;
import io.tidegate.config.Reference;
import io.tidegate.config.Tls;
import io.tidegate.config.Vault;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The files behind the aliases of `tls` bindings.
final class Vaults {
  private static final Set<String> TYPES = Set.of("pkcs12", "jks", "pem");

  private final GatewayConfig config;
  private final Faults faults;

  Vaults(GatewayConfig config, Faults faults) {
    this.config = config;
    this.faults = faults;
  }

  Optional<VaultStore> keys(Tls tls) {
    return store(tls, tls.options().keys(), "keys", tls.vault().map(config::vault), Vault::keys);
  }

  Optional<VaultStore> trust(Tls tls) {
    return store(tls, tls.options().trust(), "trust", tls.vault().map(config::vault), Vault::trust);
  }

  private interface Part {
    Optional<Vault.Store> of(Vault vault);
  }

  private Optional<VaultStore> store(
      Tls tls, List<String> aliases, String what, Optional<Vault> vault, Part part) {
    if (aliases.isEmpty()) {
      return Optional.empty();
    }
    var store = vault.flatMap(part::of);
    if (store.isEmpty()) {
      var name = tls.vault().map(Reference::name);
      faults.add(
          name.isPresent()
              ? Fault.of(
                  tls.options().place(), "vault '" + name.get() + "' holds no '" + what + "'")
              : Fault.of(tls.options().place(), "there is no vault to take '" + what + "' from"));
      return Optional.empty();
    }
    vault.filter(Vault::revocation).ifPresent(it -> faults.notYet(it.place(), "revocation"));
    return Optional.of(store(store.get(), aliases));
  }

  private VaultStore store(Vault.Store store, List<String> aliases) {
    var type = store.type().toLowerCase(Locale.ROOT);
    if (!TYPES.contains(type)) {
      faults.add(
          Fault.of(
              store.place(),
              "a store of type '" + store.type() + "' cannot be opened",
              "pkcs12, jks or pem"));
    }
    for (var alias : aliases) {
      if (!store.entries().isEmpty() && !store.entries().contains(alias)) {
        faults.add(
            Fault.of(store.place(), "entry '" + alias + "' is used but not in 'entries'", ""));
      }
    }
    return new VaultStore(
        beside(store.place().file(), store.store()),
        type,
        store.password().orElse(new Secret("")),
        aliases);
  }

  /// Files are named as seen from the configuration.
  private static Path beside(String configuration, String file) {
    return configuration.contains("://")
        ? Path.of(file)
        : Path.of(configuration).resolveSibling(file);
  }
}
