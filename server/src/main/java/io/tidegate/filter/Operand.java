package io.tidegate.filter;

import org.jspecify.annotations.Nullable;

/// What a value is compared with.
sealed interface Operand permits Operand.Constant, Reference {

  /// Null where a reference leads nowhere.
  @Nullable Json resolve(Evaluation run);

  record Constant(Json value) implements Operand {
    @Override
    public Json resolve(Evaluation run) {
      return value;
    }
  }
}
