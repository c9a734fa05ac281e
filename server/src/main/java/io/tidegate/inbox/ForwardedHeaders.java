package io.tidegate.inbox;

import io.tidegate.http.Headers;
import io.tidegate.log.Header;
import java.util.List;
import java.util.Set;

/// The request headers that a record carries: by name, or all that begin with what stands before a
/// final `*`. Never credentials, and nothing that looks like a header of ours.
final class ForwardedHeaders {
  private static final Set<String> CREDENTIALS =
      Set.of(
          "authorization",
          "proxy-authorization",
          "cookie",
          "set-cookie",
          "x-api-key",
          "x-auth-token",
          "x-gitlab-token",
          "x-amz-security-token");

  private final List<String> names;
  private final String credential;

  /// @param credential a header that is itself the sender's proof; empty when there is none
  ForwardedHeaders(List<String> names, String credential) {
    this.names = List.copyOf(names);
    this.credential = credential;
  }

  static boolean isCredential(String name) {
    return CREDENTIALS.contains(name);
  }

  void add(Headers from, List<Header> to) {
    if (names.isEmpty()) {
      return;
    }
    for (var field : from) {
      if (isForwarded(field.name())) {
        to.add(Header.of(field.name(), field.value()));
      }
    }
  }

  private boolean isForwarded(String name) {
    for (var wanted : names) {
      if (matches(wanted, name)) {
        return !isHidden(name)
            && !name.equals("content-type")
            && !name.startsWith("tidegate-")
            && !name.startsWith("ce-");
      }
    }
    return false;
  }

  private static boolean matches(String wanted, String name) {
    return wanted.endsWith("*")
        ? name.regionMatches(0, wanted, 0, wanted.length() - 1)
        : name.equals(wanted);
  }

  private boolean isHidden(String name) {
    return isCredential(name) || name.equals(credential);
  }

  /// The headers without what nobody may see.
  Headers shown(Headers headers) {
    for (var field : headers) {
      if (isHidden(field.name())) {
        return headers.without(this::isHidden);
      }
    }
    return headers;
  }
}
