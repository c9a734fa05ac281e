package io.tidegate.edge;

import io.netty.buffer.ByteBuf;
import io.tidegate.base.Bytes;
import java.util.Arrays;

/// The body of a reply as it comes in, up to a limit.
final class ReplyBody {
  private static final int FIRST_PIECE = 16 << 10;

  private final int most;
  private final long announced;
  private byte[] content;
  private int size;
  private long read;

  /// @param announced length, or -1
  ReplyBody(int most, long announced) {
    this.most = Math.max(0, most);
    this.announced = announced;
    this.content =
        new byte[(int) Math.min(Math.max(announced, 0), Math.min(this.most, FIRST_PIECE))];
  }

  void add(ByteBuf piece) {
    int length = piece.readableBytes();
    read += length;
    int kept = Math.min(length, most - size);
    if (kept > 0) {
      if (size + kept > content.length) {
        content = Arrays.copyOf(content, Math.min(most, Math.max(size + kept, content.length * 2)));
      }
      piece.getBytes(piece.readerIndex(), content, size, kept);
      size += kept;
    }
  }

  /// There is more than is kept, and it is known.
  boolean isCut() {
    return size == most && length() > most;
  }

  long length() {
    return Math.max(read, announced);
  }

  Bytes bytes() {
    return Bytes.wrap(size == content.length ? content : Arrays.copyOf(content, size));
  }
}
