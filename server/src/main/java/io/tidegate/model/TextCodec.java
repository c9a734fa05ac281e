package io.tidegate.model;

import io.tidegate.base.Bytes;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Text of a length and a shape.
final class TextCodec implements Codec {
  private final ModelSpec.Text spec;
  private final Optional<Pattern> pattern;

  TextCodec(ModelSpec.Text spec) {
    this.spec = spec;
    try {
      this.pattern = spec.pattern().map(Pattern::compile);
    } catch (PatternSyntaxException broken) {
      throw BadModel.because("the pattern does not compile", broken);
    }
  }

  @Override
  public Verdict toStored(Bytes value) {
    var text = PlainCodecs.text(value);
    if (text == null) {
      return new Verdict.Misfit("it is not UTF-8");
    }
    int length = text.codePointCount(0, text.length());
    if (spec.least().isPresent() && length < spec.least().getAsInt()) {
      return new Verdict.Misfit("it is shorter than " + spec.least().getAsInt() + " characters");
    }
    if (spec.most().isPresent() && length > spec.most().getAsInt()) {
      return new Verdict.Misfit("it is longer than " + spec.most().getAsInt() + " characters");
    }
    return pattern.isEmpty() || pattern.get().matcher(text).matches()
        ? new Verdict.Fits(value)
        : new Verdict.Misfit("it does not match the pattern");
  }
}
