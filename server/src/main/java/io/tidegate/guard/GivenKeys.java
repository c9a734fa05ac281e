package io.tidegate.guard;

import java.util.List;
import java.util.Optional;

/// The keys that stand in the configuration.
final class GivenKeys implements TokenKeys {
  private final JwkSet keys;

  GivenKeys(String guard, List<String> jwks) {
    keys = JwkSet.of(guard, jwks);
  }

  @Override
  public Optional<TokenKey> find(String id) {
    return keys.find(id);
  }

  @Override
  public long generation() {
    return 0;
  }

  @Override
  public void missed() {}

  @Override
  public void start() {}

  @Override
  public void close() {}
}
