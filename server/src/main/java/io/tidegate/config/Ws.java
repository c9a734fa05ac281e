package io.tidegate.config;

import io.tidegate.config.Binding.Kind;
import io.tidegate.config.Route.Nothing;
import java.util.List;
import java.util.Optional;

/// WebSockets, towards callers (`server`) or towards another server (`client`).
public record Ws(Address defaults, List<Route<Ws.Address, Nothing>> routes) implements Protocol {

  /// Where a socket goes, or the patterns by which a route knows it.
  public record Address(
      Place place,
      Optional<String> protocol,
      Optional<Glob> scheme,
      Optional<Glob> authority,
      Optional<Glob> path) {}

  static final Grammar GRAMMAR =
      Grammar.of("ws", Ws::read)
          .kind(Kind.SERVER, "echo server", "fan server", "mqtt server", "ws client", "tcp client")
          .kind(Kind.CLIENT, "http client");

  @Override
  public String type() {
    return GRAMMAR.type();
  }

  private static Ws read(Kind kind, Mapping binding) {
    Route.requireWayOut(binding);
    if (kind == Kind.SERVER) {
      binding.forbid("options", "only a ws client has options");
    }
    var defaults = binding.section("options", options -> options.section("defaults", Ws::address));
    return new Ws(defaults, Route.plain(binding, Form.mapping(Ws::address)));
  }

  private static Address address(Mapping address) {
    var glob = Glob.unnamed(Glob.FORM, "a pattern with '*'");
    return new Address(
        address.place(),
        address.optional("protocol", Form.TEXT),
        address.optional("scheme", glob),
        address.optional("authority", glob),
        address.optional("path", glob));
  }
}
