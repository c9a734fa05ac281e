package io.tidegate.config;

import io.tidegate.config.Reference.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// One binding: a protocol endpoint or a mapping between two protocols.
///
/// `exit` is one more route behind the others, without conditions.
public record Binding(
    Place place,
    String namespace,
    String name,
    Kind kind,
    Protocol protocol,
    Optional<Reference> entry,
    Optional<Reference> exit,
    Metering telemetry) {

  /// Which side of its protocol a binding takes.
  public enum Kind {
    SERVER,
    CLIENT,
    PROXY,
    CACHE_CLIENT,
    CACHE_SERVER,
    REMOTE_SERVER,
    REMOTE_CLIENT;

    @Override
    public String toString() {
      return Form.spelling(this, '_');
    }
  }

  /// What is measured at a binding: metrics by their full names, and the labels they carry.
  public record Metering(List<String> metrics, Map<String, Template> attributes) {}

  public String type() {
    return protocol.type();
  }

  /// `kafka cache_client`: as the table of legal exits names it.
  public String typeAndKind() {
    return type() + " " + kind;
  }

  /// Every way out: the routes' in order, then the binding's own.
  public List<Reference> exits() {
    return Stream.concat(protocol.routes().stream().map(Route::exit), exit.stream()).toList();
  }

  /// Empty when type or kind leave open what the rest should look like.
  static Optional<Binding> read(String name, Value value) {
    var binding = value.mapping();
    var grammar = binding.required("type", Grammar.FORM);
    if (!value.isMapping() || grammar.isEmpty()) {
      return Optional.empty();
    }
    return grammar.get().kind(binding).map(kind -> read(name, kind, grammar.get(), binding));
  }

  private static Binding read(String name, Kind kind, Grammar grammar, Mapping binding) {
    var protocol = grammar.reader().apply(kind, binding);
    var read =
        new Binding(
            binding.place(),
            binding.reading().namespace(),
            name,
            kind,
            protocol,
            entry(kind, binding),
            exit(kind, grammar, binding),
            binding.section("telemetry", Telemetry::metering));
    for (var key : List.of("options", "routes", "vault", "catalog")) {
      binding.forbidUnlessAsked(key, grammar.type() + " " + kind + " takes no " + key);
    }
    binding.rejectUnknown();
    return read;
  }

  private static Optional<Reference> entry(Kind kind, Mapping binding) {
    var form = Form.reference(Target.BINDING);
    if (kind == Kind.REMOTE_SERVER || kind == Kind.REMOTE_CLIENT) {
      return Optional.of(binding.required("entry", form));
    }
    binding.forbid("entry", "only the kinds remote_server and remote_client have an entry");
    return Optional.empty();
  }

  private static Optional<Reference> exit(Kind kind, Grammar grammar, Mapping binding) {
    if (grammar.exits(kind).isEmpty()) {
      binding.forbid("exit", grammar.type() + " " + kind + " ends the way, it has no exit");
      return Optional.empty();
    }
    return binding.optional("exit", Form.reference(Target.BINDING));
  }
}
