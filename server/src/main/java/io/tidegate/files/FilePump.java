package io.tidegate.files;

import io.tidegate.base.Bytes;
import io.tidegate.http.Responder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A file on its way to one caller, read as fast as the caller takes it: when too much is queued
/// the worker is given back, and the rest is read once that has gone down.
///
/// One worker at a time.
final class FilePump implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(FilePump.class);
  private static final int PIECE = 64 << 10;
  private static final long MOST_QUEUED = 256 << 10;
  private static final long GO_ON_AT = 64 << 10;

  private final ReadableByteChannel content;
  private final Responder.Outflow out;
  private final Executor workers;
  private long left;
  private volatile boolean isStopped;

  FilePump(ReadableByteChannel content, long length, Responder.Outflow out, Executor workers) {
    this.content = content;
    this.left = length;
    this.out = out;
    this.workers = workers;
  }

  /// The caller has gone.
  void stop() {
    isStopped = true;
  }

  @Override
  public void run() {
    try {
      while (left > 0 && !isStopped) {
        var piece = read(content, (int) Math.min(PIECE, left));
        if (piece.isEmpty()) {
          throw new IOException("the file became shorter while it was sent");
        }
        left -= piece.size();
        if (out.write(piece) > MOST_QUEUED && left > 0) {
          out.onDrained(GO_ON_AT, this::goOn);
          return;
        }
      }
      out.end();
      close();
    } catch (IOException | RuntimeException failed) {
      LOG.atWarn().setCause(failed).log("a file was not sent whole");
      out.abort();
      close();
    }
  }

  /// On the event loop.
  private void goOn() {
    try {
      workers.execute(this);
    } catch (RejectedExecutionException full) {
      out.abort();
      close();
    }
  }

  private void close() {
    try {
      content.close();
    } catch (IOException failed) {
      LOG.atDebug().setCause(failed).log("a file could not be closed");
    }
  }

  /// As much as there is, up to `most`.
  static Bytes read(ReadableByteChannel content, int most) throws IOException {
    var buffer = ByteBuffer.allocate(most);
    while (buffer.hasRemaining() && content.read(buffer) >= 0) {}
    return Bytes.wrap(
        buffer.hasRemaining() ? Arrays.copyOf(buffer.array(), buffer.position()) : buffer.array());
  }
}
