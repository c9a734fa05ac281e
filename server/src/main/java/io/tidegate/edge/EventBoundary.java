package io.tidegate.edge;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where an event stream that is handed through has come to, so that an event of ours can be put in
/// between two of the other server's, and never into one. (HTML, 9.2: a blank line ends an event.)
///
/// Only the loop's thread touches it.
final class EventBoundary {
  private int lineEnds = 2; // nothing has come: as good as after an event
  private boolean afterReturn;
  private @Nullable Buffer waiting;

  /// Notes what was handed on; what now may follow it.
  Optional<Buffer> passed(Buffer piece) {
    for (int i = 0; i < piece.length(); i++) {
      note(piece.getByte(i));
    }
    return due();
  }

  private void note(byte next) {
    if (next == '\n' && afterReturn) {
      afterReturn = false; // CR LF is one end of a line
      return;
    }
    afterReturn = next == '\r';
    lineEnds = next == '\n' || next == '\r' ? lineEnds + 1 : 0;
  }

  /// Asks the reader to prove itself again: at once, or after the event that is on its way.
  Optional<Buffer> say(String challenge) {
    waiting = Buffer.buffer("event:challenge\ndata:" + challenge + "\n\n");
    return due();
  }

  private Optional<Buffer> due() {
    var event = waiting;
    if (event == null || lineEnds < 2) {
      return Optional.empty();
    }
    waiting = null;
    return Optional.of(event);
  }
}
