package io.tidegate.filter;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// A number, exactly as it was written: 1 and 1.0 are the same, 9007199254740993 is not
/// 9007199254740992.
///
/// Whole numbers up to 18 digits are kept as they are; everything else as a decimal. Neither is
/// ever written out, so 1e1000000 costs nothing.
final class Num implements Json, Comparable<Num> {
  /// Digits of one number. Longer ones are unreadable: reading them takes time beyond measure.
  static final int LONGEST = 200;

  private final long integer;
  private final @Nullable BigDecimal decimal;

  /// So many digits that it takes a while to compare them.
  private final boolean isWide;

  private Num(long integer, @Nullable BigDecimal decimal, boolean isWide) {
    this.integer = integer;
    this.decimal = decimal;
    this.isWide = isWide;
  }

  static Num of(long integer) {
    return new Num(integer, null, false);
  }

  /// What a number token says, or why that cannot be kept.
  static Json parse(String token) {
    if (token.length() > LONGEST) {
      return new Json.Unreadable("a number of more than " + LONGEST + " digits");
    }
    try {
      return new Num(0, new BigDecimal(token), token.length() > 20);
    } catch (NumberFormatException | ArithmeticException _) {
      return new Json.Unreadable("a number whose exponent is out of range");
    }
  }

  /// Its value when it is a whole number that fits, or -1.
  int smallCount() {
    if (decimal == null) {
      return integer >= 0 && integer <= Integer.MAX_VALUE ? (int) integer : -1;
    }
    var fits = decimal.signum() >= 0 && (long) decimal.precision() - decimal.scale() < 10;
    if (!fits || decimal.scale() > LONGEST) {
      return -1;
    }
    return decimal.remainder(BigDecimal.ONE).signum() == 0 ? decimal.intValue() : -1;
  }

  /// Of a comparison, in steps of an evaluation.
  int cost(Num other) {
    return isWide || other.isWide ? 50 : 1;
  }

  @Override
  public int compareTo(Num other) {
    if (decimal == null && other.decimal == null) {
      return Long.compare(integer, other.integer);
    }
    return exact().compareTo(other.exact());
  }

  /// By value, whatever the notation.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Num that && compareTo(that) == 0;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(exact().doubleValue());
  }

  private BigDecimal exact() {
    return decimal == null ? BigDecimal.valueOf(integer) : decimal;
  }

  @Override
  public String toString() {
    return decimal == null ? Long.toString(integer) : decimal.toString();
  }
}
