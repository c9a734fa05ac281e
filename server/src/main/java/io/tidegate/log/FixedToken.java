package io.tidegate.log;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.auth.SaslExtensions;
import org.apache.kafka.common.security.auth.SaslExtensionsCallback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;
import org.jspecify.annotations.Nullable;

/// Presents the token of the settings to the brokers, whatever is inside it. Public only because
/// Kafka makes it by its name.
public final class FixedToken implements AuthenticateCallbackHandler {
  static final String OPTION = "tidegate_token";

  /// The brokers judge how long it lives; here it never ends, so nobody tries to renew it.
  private static final long FOREVER = 4_102_444_800_000L;

  private String token = "";

  @Override
  public void configure(
      Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {
    for (var entry : entries) {
      if (entry.getOptions().get(OPTION) instanceof String given) {
        token = given;
      }
    }
  }

  @Override
  public void handle(Callback[] callbacks) throws IOException, UnsupportedCallbackException {
    for (var callback : callbacks) {
      switch (callback) {
        case OAuthBearerTokenCallback wanted -> wanted.token(new Token(token));
        case SaslExtensionsCallback wanted -> wanted.extensions(SaslExtensions.empty());
        default -> throw new UnsupportedCallbackException(callback);
      }
    }
  }

  @Override
  public void close() {}

  private record Token(String value) implements OAuthBearerToken {
    @Override
    public Set<String> scope() {
      return Set.of();
    }

    @Override
    public long lifetimeMs() {
      return FOREVER;
    }

    @Override
    public String principalName() {
      return "tidegate";
    }

    @Override
    public @Nullable Long startTimeMs() {
      return null;
    }

    @Override
    public String toString() {
      return "***";
    }
  }
}
