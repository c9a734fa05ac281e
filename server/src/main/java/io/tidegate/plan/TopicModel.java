package io.tidegate.plan;

import io.tidegate.model.Model;
import java.util.Optional;

/// What keys and values must look like in the topics of a cluster that have such names.
public record TopicModel(
    String cluster, Pattern topics, Side side, Optional<Model> key, Optional<Model> value) {

  /// When it is asked.
  public enum Side {
    /// Before a record is stored: what does not fit is refused.
    WRITTEN,
    /// When it is read: what does not fit is skipped.
    READ
  }
}
