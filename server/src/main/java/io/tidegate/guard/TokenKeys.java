package io.tidegate.guard;

import java.util.Optional;

/// The keys of an issuer. Any thread; only `start` may wait.
interface TokenKeys extends AutoCloseable {

  Optional<TokenKey> find(String id);

  /// Changes whenever the keys do.
  long generation();

  /// Somebody showed a token of a key that is not here: there may be a newer set.
  void missed();

  void start();

  @Override
  void close();
}
