package io.tidegate.config;

import io.tidegate.config.Binding.Kind;
import io.tidegate.config.Route.Nothing;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A listening socket (`server`) or outgoing connections (`client`).
public record Tcp(Options options, List<Route<Tcp.Condition, Nothing>> routes) implements Protocol {

  /// `host` is the address to bind, or the target.
  public record Options(Place place, Optional<String> host, List<Ports> ports) {}

  /// Ports from `first` to `last`, both included. 0 lets the system choose.
  public record Ports(Place place, int first, int last) {}

  /// By the peer's name, by its address, by the local port.
  public record Condition(
      Place place, Optional<Glob> authority, Optional<String> cidr, List<Ports> ports) {}

  static final Grammar GRAMMAR =
      Grammar.of("tcp", Tcp::read)
          .kind(
              Kind.SERVER,
              "tls server",
              "tls proxy",
              "http server",
              "mqtt server",
              "amqp server",
              "echo server",
              "fan server",
              "proxy server",
              "tcp client")
          .kind(Kind.CLIENT);

  private static final String PORT = "a port from 0 to 65535 or a range such as \"8000-8010\"";
  private static final Pattern RANGE = Pattern.compile("(\\d{1,5})(?:\\s*-\\s*(\\d{1,5}))?");

  static final Form<List<Ports>> PORTS = Form.oneOrMore(Form.of(PORT, Tcp::ports));

  static final Form<String> CIDR = Form.of("a network such as 10.0.0.0/8", Tcp::cidr);

  @Override
  public String type() {
    return GRAMMAR.type();
  }

  private static Tcp read(Kind kind, Mapping binding) {
    if (kind == Kind.CLIENT) {
      return new Tcp(binding.section("options", Tcp::target), List.of());
    }
    Route.requireWayOut(binding);
    return new Tcp(
        binding.section("options", Tcp::listener),
        Route.plain(binding, Form.mapping(Tcp::condition)));
  }

  private static Options listener(Mapping options) {
    return new Options(
        options.place(), options.optional("host", Form.TEXT), options.required("port", PORTS));
  }

  private static Options target(Mapping options) {
    return new Options(
        options.place(), options.optional("host", Form.TEXT), options.or("port", PORTS, List.of()));
  }

  private static Condition condition(Mapping when) {
    return new Condition(
        when.place(),
        when.optional("authority", Glob.FORM),
        when.optional("cidr", CIDR),
        when.or("port", PORTS, List.of()));
  }

  private static Ports ports(Value value) {
    var matcher = RANGE.matcher(value.scalar(PORT).orElse("0"));
    if (!matcher.matches()) {
      value.fault("found " + value.described(), PORT);
      return new Ports(value.place(), 0, 0);
    }
    var first = Integer.parseInt(matcher.group(1));
    var last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
    if (first > last || last > 65_535) {
      value.fault("found " + value.described(), PORT);
    }
    return new Ports(value.place(), first, last);
  }

  static boolean isAddress(String text) {
    try {
      return InetAddress.ofLiteral(text).getAddress().length > 0;
    } catch (IllegalArgumentException notAddress) {
      return false;
    }
  }

  private static String cidr(Value value) {
    var text = value.scalar("a network such as 10.0.0.0/8").orElse("0.0.0.0/0");
    var slash = text.lastIndexOf('/');
    try {
      var address = InetAddress.ofLiteral(text.substring(0, Math.max(0, slash)));
      var bits = Integer.parseInt(text.substring(slash + 1));
      if (bits < 0 || bits > address.getAddress().length * 8) {
        throw new IllegalArgumentException(text);
      }
    } catch (IllegalArgumentException notNetwork) {
      value.fault("found " + value.described(), "a network such as 10.0.0.0/8");
    }
    return text;
  }
}
