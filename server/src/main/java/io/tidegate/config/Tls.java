package io.tidegate.config;

import io.tidegate.config.Binding.Kind;
import io.tidegate.config.Reference.Target;
import java.util.List;
import java.util.Optional;

/// Encryption: ended here (`server`), begun here (`client`), or only looked at for the name that
/// the caller asks for (`proxy`).
public record Tls(
    Options options, Optional<Reference> vault, List<Route<Tls.Condition, Tls.With>> routes)
    implements Protocol {

  /// `keys`, `signers` and `trust` are aliases in the vault. `mutual` and `trustcacerts` have
  /// defaults that depend on `trust`. `authorization` is the guard that sees the client's
  /// certificates.
  public record Options(
      Place place,
      Optional<String> version,
      List<String> keys,
      List<String> signers,
      List<String> trust,
      Optional<Boolean> trustcacerts,
      List<String> sni,
      List<String> alpn,
      Optional<Mutual> mutual,
      Optional<Reference> authorization) {}

  /// Whether the client must show a certificate.
  public enum Mutual {
    REQUIRED,
    REQUESTED,
    NONE
  }

  /// By the name asked for, the protocol agreed, the local port, and the client's certificate.
  public record Condition(
      Place place,
      Optional<Glob> authority,
      Optional<String> alpn,
      List<Tcp.Ports> ports,
      List<String> trust,
      Optional<Mutual> mutual) {}

  /// The certificate that a client shows: by `subject.cn` or `subject.dn`.
  public record With(Optional<String> certificate) {}

  static final Grammar GRAMMAR =
      Grammar.of("tls", Tls::read)
          .kind(
              Kind.SERVER,
              "http server",
              "mqtt server",
              "amqp server",
              "echo server",
              "fan server",
              "proxy server",
              "proxy client",
              "tcp client",
              "tls client")
          .kind(Kind.CLIENT, "tcp client", "proxy client")
          .kind(Kind.PROXY, "tls server", "tcp client", "proxy client");

  private static final Form<Mutual> MUTUAL = Form.word(Mutual.class, '_');

  @Override
  public String type() {
    return GRAMMAR.type();
  }

  private static Tls read(Kind kind, Mapping binding) {
    Route.requireWayOut(binding);
    var vault = Form.reference(Target.VAULT);
    if (kind == Kind.PROXY) {
      binding.forbid("options", "a tls proxy only looks at the greeting, it takes no options");
      binding.forbid("vault", "a tls proxy only looks at the greeting, it takes no vault");
    }
    return new Tls(
        binding.section("options", options -> options(kind, options)),
        kind == Kind.SERVER
            ? Optional.of(binding.required("vault", vault))
            : binding.optional("vault", vault),
        Route.list(binding, Form.mapping(Tls::condition), (route, _) -> with(kind, route)));
  }

  private static Options options(Kind kind, Mapping options) {
    if (kind == Kind.SERVER && options.has("keys") == options.has("signers")) {
      options.fault("needs its certificate from one place", "either 'keys' or 'signers'");
    }
    if (kind == Kind.CLIENT) {
      options.forbid("mutual", "only a tls server asks for certificates");
      options.forbid("authorization", "only a tls server hands certificates to a guard");
    }
    return new Options(
        options.place(),
        options.optional("version", Form.TEXT),
        options.list("keys", Form.TEXT),
        options.list("signers", Form.TEXT),
        options.list("trust", Form.TEXT),
        options.optional("trustcacerts", Form.FLAG),
        options.list("sni", Form.TEXT),
        options.list("alpn", Form.TEXT),
        options.optional("mutual", MUTUAL),
        options
            .optional("authorization", Form.single(Target.GUARD, Tls::authorization))
            .flatMap(it -> it));
  }

  private static Reference authorization(Reference guard, Value value) {
    Form.mapping(login ->
            login.required(
                "credentials",
                Form.mapping(from -> from.required("certificates", Form.word("pem")))))
        .read(value);
    return guard;
  }

  private static Condition condition(Mapping when) {
    var mutual = when.optional("mutual", MUTUAL);
    if (mutual.equals(Optional.of(Mutual.NONE))) {
      when.forbid(
          "trust", "without a certificate there is nobody to trust; leave out 'mutual: none'");
    }
    return new Condition(
        when.place(),
        when.optional("authority", Glob.unnamed(Glob.FORM, "a name pattern with '*'")),
        when.optional("alpn", Form.TEXT),
        when.or("port", Tcp.PORTS, List.of()),
        when.or("trust", Form.oneOrMore(Form.TEXT), List.of()),
        mutual);
  }

  private static With with(Kind kind, Mapping route) {
    if (kind != Kind.CLIENT) {
      route.forbid("with", "only the routes of a tls client have a `with`");
    }
    var certificate = Form.word("subject.cn", "subject.dn");
    return route.section("with", with -> new With(with.optional("certificate", certificate)));
  }
}
