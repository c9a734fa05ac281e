package io.tidegate.view;

import io.tidegate.base.Bytes;
import io.tidegate.log.Header;
import io.tidegate.log.Stored;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Which records a reader wants: any of the clauses; no clause at all means every record.
public record Match(List<Clause> anyOf) {
  public static final Match ALL = new Match(List.of());

  public Match {
    anyOf = List.copyOf(anyOf);
  }

  public static Match key(Bytes key) {
    return new Match(List.of(new Clause(key, List.of())));
  }

  /// True when every clause names a key.
  boolean isKeyed() {
    for (var clause : anyOf) {
      if (clause.key() == null) {
        return false;
      }
    }
    return !anyOf.isEmpty();
  }

  /// The clauses; when there are none, one that everything matches.
  List<Clause> clauses() {
    return anyOf.isEmpty() ? List.of(Clause.ANY) : anyOf;
  }

  public boolean test(Stored stored) {
    if (anyOf.isEmpty()) {
      return true;
    }
    for (var clause : anyOf) {
      if (clause.test(stored)) {
        return true;
      }
    }
    return false;
  }

  /// All of these together. A header matches when any header of that name has that value.
  public record Clause(@Nullable Bytes key, List<Header> headers) {
    static final Clause ANY = new Clause(null, List.of());

    public Clause {
      headers = List.copyOf(headers);
    }

    boolean test(Stored stored) {
      return (key == null || Objects.equals(key, stored.key()))
          && stored.headers().containsAll(headers);
    }
  }
}
