package io.tidegate.config;

import io.tidegate.config.Binding.Kind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// HTTP/1.1 and HTTP/2, towards callers (`server`) or towards another server (`client`).
public record Http(Options options, List<Route<Http.Condition, Optional<Http.With>>> routes)
    implements Protocol {

  /// `overrides` are headers forced on every request of a client.
  public record Options(
      Place place,
      Set<Version> versions,
      AccessControl accessControl,
      Optional<Authorization> authorization,
      Map<String, String> overrides,
      List<RequestCheck> requests) {}

  /// Of the protocol.
  public enum Version {
    HTTP_1_1,
    H2
  }

  /// Which pages of other origins may call.
  public sealed interface AccessControl {
    /// None.
    record SameOrigin() implements AccessControl {}

    /// Those named. An empty list stands for all.
    record CrossOrigin(Place place, Allow allow, Optional<Duration> maxAge, List<String> exposed)
        implements AccessControl {}

    /// What other origins may do.
    record Allow(
        List<String> origins, List<String> methods, List<String> headers, boolean credentials) {}
  }

  /// Where the credentials for a guard stand in a request: name to pattern, such as `authorization`
  /// to `Bearer {credentials}`.
  public record Authorization(
      Place place,
      Reference guard,
      Map<String, String> headers,
      Map<String, String> query,
      Map<String, String> cookies) {}

  /// What requests with this path and method must look like.
  public record RequestCheck(
      Place place,
      Glob path,
      Optional<String> method,
      List<String> contentTypes,
      Map<String, Model> headers,
      Map<String, Model> pathParams,
      Map<String, Model> queryParams,
      Optional<Model> content,
      List<ResponseCheck> responses) {}

  /// What responses with one of these statuses (any, when empty) must look like.
  public record ResponseCheck(
      Place place,
      List<Integer> statuses,
      List<String> contentTypes,
      Map<String, Model> headers,
      Optional<Model> content) {}

  /// All headers must match, pseudo-headers such as `:path` included.
  public record Condition(Place place, Map<String, Glob> headers) {}

  /// Headers to set on the request that goes on.
  public record With(Place place, Map<String, Template> overrides) {}

  static final Grammar GRAMMAR =
      Grammar.of("http", Http::read)
          .kind(
              Kind.SERVER,
              "http-kafka proxy",
              "sse server",
              "grpc server",
              "ws server",
              "http-filesystem proxy",
              "http client",
              "echo server",
              "openapi client",
              "openapi-asyncapi proxy",
              "asyncapi client",
              "asyncapi proxy",
              "mcp server",
              "webhook-kafka proxy",
              "tenant-api server")
          .kind(Kind.CLIENT, "tls client", "tcp client");

  /// Methods that an http server understands.
  static final Form<String> METHOD =
      Form.word("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

  private static final Form<String> CREDENTIALS =
      Form.text(
          Pattern.compile("[^{}]*(\\{credentials}|\\{username}[^{}]*\\{password})[^{}]*"),
          "a pattern with {credentials}, or with {username} and {password}");

  @Override
  public String type() {
    return GRAMMAR.type();
  }

  private static Http read(Kind kind, Mapping binding) {
    Route.requireWayOut(binding);
    return new Http(
        binding.section("options", options -> options(kind, options)),
        Route.list(binding, Form.mapping(Http::condition), Http::with));
  }

  private static Options options(Kind kind, Mapping options) {
    if (kind != Kind.SERVER) {
      options.forbid("access-control", "only an http server controls access");
    }
    return new Options(
        options.place(),
        versions(options),
        options.or(
            "access-control", Form.mapping(Http::accessControl), new AccessControl.SameOrigin()),
        options
            .optional("authorization", Form.single(Reference.Target.GUARD, Http::authorization))
            .flatMap(it -> it),
        options.or("overrides", Form.headersOf(Form.TEXT), Map.of()),
        options.list("requests", Form.mapping(Http::requestCheck)));
  }

  private static Set<Version> versions(Mapping options) {
    var words = Map.of("http/1.1", Version.HTTP_1_1, "h2", Version.H2);
    var versions = options.list("versions", Form.oneOf(words));
    return versions.isEmpty() ? EnumSet.allOf(Version.class) : EnumSet.copyOf(versions);
  }

  private static AccessControl accessControl(Mapping access) {
    if (access.required("policy", Form.word("cross-origin", "same-origin")).equals("same-origin")) {
      for (var key : List.of("allow", "max-age", "expose")) {
        access.forbid(key, "only policy cross-origin has " + Fault.quote(key));
      }
      return new AccessControl.SameOrigin();
    }
    return new AccessControl.CrossOrigin(
        access.place(),
        access.section("allow", Http::allow),
        access.optional("max-age", Form.seconds(0)),
        access.section("expose", expose -> expose.list("headers", Form.TEXT)));
  }

  private static AccessControl.Allow allow(Mapping allow) {
    return new AccessControl.Allow(
        allow.list("origins", Form.TEXT),
        allow.list("methods", Form.TEXT),
        allow.list("headers", Form.TEXT),
        allow.or("credentials", Form.FLAG, false));
  }

  private static Authorization authorization(Reference guard, Value value) {
    return Form.mapping(login ->
            login.required(
                "credentials",
                Form.mapping(from ->
                    new Authorization(
                        value.place(),
                        guard,
                        from.or("headers", Form.headersOf(CREDENTIALS), Map.of()),
                        from.map("query", CREDENTIALS),
                        from.map("cookies", CREDENTIALS)))))
        .read(value);
  }

  private static Condition condition(Mapping when) {
    return new Condition(when.place(), when.or("headers", Form.headersOf(Glob.FORM), Map.of()));
  }

  private static Optional<With> with(Mapping route, List<Condition> when) {
    var params = when.stream().map(Http::params).toList();
    var override = Scope.of(params, Expression.PARAM).template();
    return route.optional(
        "with",
        Form.mapping(with ->
            new With(
                with.place(),
                with.section(
                    "headers",
                    headers -> headers.or("overrides", Form.headersOf(override), Map.of())))));
  }

  private static Set<String> params(Condition condition) {
    var names = new HashSet<String>();
    condition.headers.values().forEach(glob -> names.addAll(glob.params()));
    return names;
  }

  private static RequestCheck requestCheck(Mapping check) {
    var params = check.section("params", Http::params);
    return new RequestCheck(
        check.place(),
        check.required("path", Glob.PATH),
        check.optional("method", METHOD),
        check.list("content-type", Form.TEXT),
        check.or("headers", Form.headersOf(Model.FORM), Map.of()),
        params.getFirst(),
        params.getLast(),
        check.optional("content", Model.FORM),
        check.list("responses", Form.mapping(Http::responseCheck)));
  }

  private static List<Map<String, Model>> params(Mapping params) {
    return List.of(params.map("path", Model.FORM), params.map("query", Model.FORM));
  }

  private static ResponseCheck responseCheck(Mapping check) {
    var status = Form.number(100, 599);
    return new ResponseCheck(
        check.place(),
        check.or("status", Form.oneOrMore(status), List.of()).stream()
            .map(Math::toIntExact)
            .toList(),
        check.list("content-type", Form.TEXT),
        check.or("headers", Form.headersOf(Model.FORM), Map.of()),
        check.optional("content", Model.FORM));
  }
}
