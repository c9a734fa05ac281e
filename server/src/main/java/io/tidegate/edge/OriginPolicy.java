package io.tidegate.edge;

import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.plan.HttpService.AccessControl;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which pages of which origins may talk to a listener (the Fetch standard's CORS protocol).
///
/// A request without `origin`, or from the listener's own, passes as if there were no policy.
final class OriginPolicy {

  /// What everybody may read of a reply, whatever the policy says.
  private static final Set<String> SAFE =
      Set.of(
          "cache-control",
          "content-language",
          "content-length",
          "content-type",
          "expires",
          "last-modified",
          "pragma",
          "server",
          "date");

  private final AccessControl.@Nullable CrossOrigin allowed;

  OriginPolicy(AccessControl control) {
    allowed = control instanceof AccessControl.CrossOrigin crossOrigin ? crossOrigin : null;
  }

  /// What the reply may show to the page that asks; nothing when the request is from here. Refuses
  /// pages that may not ask.
  @Nullable Grant check(Request request, String origin) {
    if (own(request, origin)) {
      return null;
    }
    var rule = allowed;
    if (rule == null || !listed(rule.origins(), origin)) {
      throw refusal("pages of this origin may not call here");
    }
    if (!preflight(request) && !listed(rule.methods(), request.method())) {
      throw refusal("pages of other origins may not use this method here");
    }
    return new Grant(rule, origin);
  }

  /// A question of a browser, which is answered here and never routed.
  static boolean preflight(Request request) {
    return request.method().equals("OPTIONS")
        && (request.headers().has("access-control-request-method")
            || request.headers().has("access-control-request-headers"));
  }

  private static boolean own(Request request, String origin) {
    var own = request.scheme() + "://" + request.authority();
    return own.equalsIgnoreCase(origin) || own.equalsIgnoreCase(withPort(origin));
  }

  private static String withPort(String origin) {
    if (origin.startsWith("http://") && origin.lastIndexOf(':') == 4) {
      return origin + ":80";
    }
    return origin.startsWith("https://") && origin.lastIndexOf(':') == 5 ? origin + ":443" : origin;
  }

  private static boolean listed(List<String> names, String name) {
    return names.isEmpty()
        || names.contains("*")
        || names.stream().anyMatch(name::equalsIgnoreCase);
  }

  private static Problem.Refusal refusal(String detail) {
    return Problem.of(403, "foreign_origin", detail).refuse();
  }

  /// What a page of another origin has been allowed.
  record Grant(AccessControl.CrossOrigin rule, String origin) {

    private boolean named() {
      return rule.credentials() || !(rule.origins().isEmpty() || rule.origins().contains("*"));
    }

    private void origin(List<Headers.Field> to) {
      to.add(new Headers.Field("access-control-allow-origin", named() ? origin : "*"));
      if (rule.credentials()) {
        to.add(new Headers.Field("access-control-allow-credentials", "true"));
      }
      if (named()) {
        to.add(new Headers.Field("vary", "origin"));
      }
    }

    /// The fields that go with a reply to the page.
    List<Headers.Field> fields(Headers reply) {
      var fields = new ArrayList<Headers.Field>(4);
      if (!reply.has("access-control-allow-origin")) {
        origin(fields);
      }
      for (var name : exposed(reply)) {
        fields.add(new Headers.Field("access-control-expose-headers", name));
      }
      return fields;
    }

    private List<String> exposed(Headers reply) {
      if (!rule.exposed().isEmpty()) {
        return rule.exposed();
      }
      var unsafe =
          reply.fields().stream()
              .map(Headers.Field::name)
              .filter(name -> !SAFE.contains(name) && !name.startsWith("access-control-"))
              .distinct()
              .toList();
      var seen = new ArrayList<>(unsafe);
      seen.add("x-request-id");
      return rule.credentials() ? seen : List.of("*");
    }

    /// The answer to a browser that asks before it sends the page's request.
    Reply preflight(Request request) {
      var fields = new ArrayList<Headers.Field>();
      origin(fields);
      var method = request.headers().first("access-control-request-method");
      if (method.isPresent()) {
        fields.add(answer("methods", rule.methods(), method.get()));
      }
      var headers = request.headers().joined("access-control-request-headers");
      if (headers.isPresent()) {
        for (var header : headers.get().split(",", -1)) {
          requireListed(rule.headers(), header.strip(), "this header");
        }
        var wildcard = !rule.credentials() && rule.headers().isEmpty();
        fields.add(
            new Headers.Field("access-control-allow-headers", wildcard ? "*" : headers.get()));
      }
      rule.maxAge()
          .ifPresent(age ->
              fields.add(
                  new Headers.Field("access-control-max-age", Long.toString(age.toSeconds()))));
      return Reply.of(204, Headers.of(fields));
    }

    private Headers.Field answer(String what, List<String> listed, String asked) {
      requireListed(listed, asked, "this method");
      var wildcard = !rule.credentials() && listed.isEmpty();
      return new Headers.Field("access-control-allow-" + what, wildcard ? "*" : asked);
    }

    private static void requireListed(List<String> names, String name, String what) {
      if (!listed(names, name)) {
        throw refusal("pages of other origins may not use " + what + " here");
      }
    }
  }
}
