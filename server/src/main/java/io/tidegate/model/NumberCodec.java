package io.tidegate.model;

import io.tidegate.base.Bytes;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A number, as digits or big-endian.
final class NumberCodec implements Codec {
  /// Longer digits make no number of these types, and big ones are slow to read.
  private static final int MOST_DIGITS = 64;

  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]+");
  private static final Pattern FRACTION =
      Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]{1,3})?");
  private static final BigDecimal LARGEST_FLOAT = new BigDecimal(Float.MAX_VALUE);
  private static final BigDecimal LARGEST_DOUBLE = new BigDecimal(Double.MAX_VALUE);

  private final ModelSpec.Numeric spec;

  NumberCodec(ModelSpec.Numeric spec) {
    this.spec = spec;
    if (spec.multiple().isPresent() && spec.multiple().get().signum() == 0) {
      throw new BadModel("no number is a multiple of zero");
    }
  }

  @Override
  public Verdict toStored(Bytes value) {
    var number = spec.isBinary() ? binary(value) : text(value);
    if (number == null) {
      return new Verdict.Misfit("it is not " + (spec.isBinary() ? "a binary " : "") + spec);
    }
    if (!spec.range().holds(number)) {
      return new Verdict.Misfit("it is out of range");
    }
    return spec.multiple().isEmpty() || number.remainder(spec.multiple().get()).signum() == 0
        ? new Verdict.Fits(value)
        : new Verdict.Misfit("it is not a multiple of " + spec.multiple().get().toPlainString());
  }

  private @Nullable BigDecimal text(Bytes value) {
    var text = value.size() > MOST_DIGITS ? "" : value.utf8();
    return switch (spec.type()) {
      case INT32 -> whole(text, 31);
      case INT64 -> whole(text, 63);
      case FLOAT -> fraction(text, LARGEST_FLOAT);
      case DOUBLE -> fraction(text, LARGEST_DOUBLE);
    };
  }

  private static @Nullable BigDecimal whole(String text, int bits) {
    if (!WHOLE.matcher(text).matches()) {
      return null;
    }
    var number = new BigDecimal(text);
    return number.toBigInteger().bitLength() <= bits ? number : null;
  }

  private static @Nullable BigDecimal fraction(String text, BigDecimal largest) {
    if (!FRACTION.matcher(text).matches()) {
      return null;
    }
    var number = new BigDecimal(text);
    return number.abs().compareTo(largest) <= 0 ? number : null;
  }

  private @Nullable BigDecimal binary(Bytes value) {
    int size =
        switch (spec.type()) {
          case INT32, FLOAT -> Integer.BYTES;
          case INT64, DOUBLE -> Long.BYTES;
        };
    if (value.size() != size) {
      return null;
    }
    var bytes = ByteBuffer.wrap(value.array());
    return switch (spec.type()) {
      case INT32 -> BigDecimal.valueOf(bytes.getInt());
      case INT64 -> BigDecimal.valueOf(bytes.getLong());
      case FLOAT -> finite(bytes.getFloat());
      case DOUBLE -> finite(bytes.getDouble());
    };
  }

  private static @Nullable BigDecimal finite(double number) {
    return Double.isFinite(number) ? new BigDecimal(number) : null;
  }
}
