package io.tidegate.edge;

import io.tidegate.base.Bytes;
import io.tidegate.http.Handler;
import io.tidegate.model.Model;
import io.tidegate.model.Verdict;
import io.vertx.core.buffer.Buffer;

/// The body of a reply that must fit a model: held until all of it is there, so that nothing of one
/// that does not fit reaches the caller. Only the loop's thread touches it.
final class CheckedReply {
  private final Model model;
  private final Buffer held = Buffer.buffer();

  CheckedReply(Model model) {
    this.model = model;
  }

  /// False when it is too large to be judged.
  boolean add(Buffer piece) {
    held.appendBuffer(piece);
    return held.length() <= Handler.DEFAULT_BODY_LIMIT;
  }

  boolean fits() {
    return model.toStored(Bytes.wrap(held.getBytes())) instanceof Verdict.Fits;
  }

  Buffer body() {
    return held;
  }
}
