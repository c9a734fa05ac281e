package io.tidegate.config;

import io.tidegate.config.Reference.Target;
import java.util.List;
import java.util.function.BiFunction;

/// One route: taken when all guards accept, and any condition matches or there is none.
///
/// `C` is the protocol's condition, `W` what its `with` says; `Nothing` where it has none.
public record Route<C, W>(
    Place place, List<Guarded> guarded, List<C> when, W with, Reference exit) {

  /// Roles that the session of a guard must hold, all of them.
  public record Guarded(Reference guard, List<String> roles) {}

  /// In place of a `when` or `with` that the protocol does not have.
  public enum Nothing {
    NOTHING
  }

  private static final Form<String> ROLE =
      Form.of(
          "a role",
          value -> {
            var role = value.scalar("a role").orElse("");
            if (role.contains("${")) {
              value.fault(
                  "roles are compared as they stand, without expressions", "a literal role");
            }
            return role;
          });

  public Route {
    guarded = List.copyOf(guarded);
    when = List.copyOf(when);
  }

  /// `with` is given the route and the conditions before it, whose parameters it may use.
  static <C, W> List<Route<C, W>> list(
      Mapping binding, Form<C> condition, BiFunction<Mapping, List<C>, W> with) {
    return binding.list("routes", Form.mapping(route -> read(route, condition, with)));
  }

  private static <C, W> Route<C, W> read(
      Mapping route, Form<C> condition, BiFunction<Mapping, List<C>, W> with) {
    var when = route.list("when", condition);
    return new Route<>(
        route.place(),
        route.or("guarded", Form.of("a mapping", Route::guarded), List.of()),
        when,
        with.apply(route, when),
        route.required("exit", Form.reference(Target.BINDING)));
  }

  private static List<Guarded> guarded(Value value) {
    var roles = Form.listOf(ROLE);
    return value
        .mapping()
        .entries((name, item) -> new Guarded(item.reference(Target.GUARD, name), roles.read(item)))
        .values()
        .stream()
        .toList();
  }

  /// Routes of a protocol that has no `with`.
  static <C> List<Route<C, Nothing>> plain(Mapping binding, Form<C> condition) {
    return list(
        binding,
        condition,
        (route, _) -> {
          route.forbid("with", "these routes have no `with`");
          return Nothing.NOTHING;
        });
  }

  /// Notes a fault unless the binding leads somewhere.
  static void requireWayOut(Mapping binding) {
    if (!binding.has("exit") && !binding.hasItems("routes")) {
      binding.fault("leads nowhere", "'exit', or 'routes' with an exit each");
    }
  }
}
