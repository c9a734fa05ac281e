package io.tidegate.registry;

import java.util.List;

/// What comes of a command.
public sealed interface Judgement<T> {

  /// The thing is to be like this from now on.
  record Accepted<T>(T value) implements Judgement<T> {}

  /// Nothing changes.
  ///
  /// @param code stable, lower case with underscores
  record Rejected<T>(String code, List<Fault> faults) implements Judgement<T> {
    public Rejected {
      faults = List.copyOf(faults);
    }

    public static <T> Rejected<T> of(String code, String message) {
      return new Rejected<>(code, List.of(new Fault("", message)));
    }
  }

  /// What is wrong with one field.
  ///
  /// @param pointer to the field (RFC 6901); empty for the whole
  /// @param message what was expected; holds no secret
  record Fault(String pointer, String message) {}
}
