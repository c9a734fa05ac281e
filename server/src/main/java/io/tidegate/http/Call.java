package io.tidegate.http;

import io.tidegate.base.Bytes;

/// A request to another server, ready to be sent.
///
/// @param headers without `host`, `content-length` and hop-by-hop fields, which the client adds
public record Call(String method, Target target, Headers headers, Bytes body) {

  /// Where to: the parts of an absolute URL, checked and in normal form.
  ///
  /// @param scheme `http` or `https`
  /// @param host a name in ASCII, lower case, or an address literal (IPv6 without brackets)
  /// @param path begins with a slash; holds the query, never a fragment
  public record Target(String scheme, String host, int port, String path) {

    public boolean isSecure() {
      return scheme.equals("https");
    }

    /// Host and port, as `host` and `:authority` carry them: a default port is left out.
    public String authority() {
      var name = host.indexOf(':') < 0 ? host : "[" + host + "]";
      return port == (isSecure() ? 443 : 80) ? name : name + ":" + port;
    }

    public String url() {
      return scheme + "://" + authority() + path;
    }
  }
}
