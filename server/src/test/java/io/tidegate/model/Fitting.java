package io.tidegate.model;

import io.tidegate.base.Bytes;

/// Says in one line what a model makes of a text.
final class Fitting {
  private Fitting() {}

  static String store(Model model, String value) {
    return told(model.toStored(Bytes.utf8(value)));
  }

  static String told(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Fits(var value) -> value.utf8();
      case Verdict.Misfit(var why) -> "no: " + why;
    };
  }

  static Bytes stored(Model model, String value) {
    return switch (model.toStored(Bytes.utf8(value))) {
      case Verdict.Fits(var bytes) -> bytes;
      case Verdict.Misfit(var why) -> throw new AssertionError(why);
    };
  }
}
