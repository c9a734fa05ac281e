package io.tidegate.outbox;

import io.tidegate.delivery.Attempt;

/// An event could not be handed over. Thrown by types with connections of their own, and made an
/// `Attempt` by `Carrier`.
public final class Undelivered extends Exception {
  private static final long serialVersionUID = 1L;

  private final Attempt.Kind kind;
  private final String word;

  private Undelivered(Attempt.Kind kind, String word, String sentence) {
    super(sentence, null, false, false);
    this.kind = kind;
    this.word = word;
  }

  /// Another try may work.
  ///
  /// @param word one of those in `Verdicts`, or `unknown_target`, `unroutable`, `too_large`
  /// @param sentence for people, without contents or secrets
  public static Undelivered failed(String word, String sentence) {
    return new Undelivered(Attempt.Kind.FAILED, word, sentence);
  }

  /// No other try will work.
  public static Undelivered never(String word, String sentence) {
    return new Undelivered(Attempt.Kind.PERMANENT, word, sentence);
  }

  public Attempt.Kind kind() {
    return kind;
  }

  public String word() {
    return word;
  }

  public String sentence() {
    return java.util.Objects.requireNonNull(getMessage());
  }
}
