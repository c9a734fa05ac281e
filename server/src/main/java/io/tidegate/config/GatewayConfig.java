package io.tidegate.config;

import java.util.List;
import java.util.Map;

/// A whole `zilla.yaml`: its namespaces, each a document of the file. Every name in it leads
/// somewhere. Immutable; any thread may read it.
public record GatewayConfig(List<Namespace> namespaces) {

  public GatewayConfig {
    namespaces = List.copyOf(namespaces);
  }

  public Binding binding(Reference reference) {
    return follow(reference, namespace(reference).bindings());
  }

  public Guard guard(Reference reference) {
    return follow(reference, namespace(reference).guards());
  }

  public Vault vault(Reference reference) {
    return follow(reference, namespace(reference).vaults());
  }

  public Catalog catalog(Reference reference) {
    return follow(reference, namespace(reference).catalogs());
  }

  private Namespace namespace(Reference reference) {
    return namespaces.stream()
        .filter(namespace -> namespace.name().equals(reference.namespace()))
        .findFirst()
        .orElseThrow(() -> dangling(reference));
  }

  private static <T> T follow(Reference reference, Map<String, T> named) {
    var found = named.get(reference.name());
    if (found == null) {
      throw dangling(reference);
    }
    return found;
  }

  private static IllegalArgumentException dangling(Reference reference) {
    return new IllegalArgumentException(
        reference.place() + ": no " + reference.target() + " " + reference);
  }
}
