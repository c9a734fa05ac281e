package io.tidegate.bridge;

import io.tidegate.view.Progress;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Progress as a short text, for ETags: base64url with padding of a version byte, the number of
/// partitions, and each partition with its offset, all as zig-zag variable-length integers.
///
///     {0:5}  →  01 02 00 0a  →  AQIACg==
///
/// Both this and the compact form (see `CompactProgress`) are understood.
final class ProgressTag {
  private static final int VERSION = 1;
  private static final int MOST_CHARACTERS = 8192;

  /// With more partitions than these the compact form is used, which other gateways do not know;
  /// they could not take back the longer text either.
  private static final int MOST_LISTED = 16;

  private ProgressTag() {}

  static String encode(Progress progress) {
    var out = new ByteArrayOutputStream(2 + 6 * progress.offsets().size());
    out.write(VERSION);
    write(out, progress.offsets().size());
    progress
        .offsets()
        .forEach((partition, offset) -> {
          write(out, partition);
          write(out, offset);
        });
    return text(out);
  }

  static String encode(int partition, long offset) {
    var out = new ByteArrayOutputStream(16);
    out.write(VERSION);
    write(out, 1);
    write(out, partition);
    write(out, offset);
    return text(out);
  }

  /// The progress that `text` stands for; nothing when it is not such a text.
  static Optional<Progress> decode(String text) {
    if (text.isEmpty() || text.length() % 4 != 0 || text.length() > MOST_CHARACTERS) {
      return Optional.empty();
    }
    try {
      return new Reader(Base64.getUrlDecoder().decode(text)).progress();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /// The tag of what comes after a record: the progress from before it, but for its own partition.
  static String encode(Progress before, int partition, long next) {
    return text(
        before.offsets().size() > MOST_LISTED
            ? CompactProgress.write(before.with(partition, next))
            : listed(before, partition, next));
  }

  private static ByteArrayOutputStream listed(Progress before, int partition, long next) {
    var offsets = before.offsets();
    boolean isNew = !offsets.containsKey(partition);
    var out = new ByteArrayOutputStream(2 + 6 * (offsets.size() + 1));
    out.write(VERSION);
    write(out, offsets.size() + (isNew ? 1 : 0));
    for (var entry : offsets.entrySet()) {
      if (isNew && entry.getKey() > partition) {
        write(out, partition);
        write(out, next);
        isNew = false;
      }
      write(out, entry.getKey());
      write(out, entry.getKey() == partition ? next : entry.getValue());
    }
    if (isNew) {
      write(out, partition);
      write(out, next);
    }
    return out;
  }

  private static String text(ByteArrayOutputStream bytes) {
    var encoded = Base64.getUrlEncoder().encode(bytes.toByteArray());
    return new String(encoded, StandardCharsets.ISO_8859_1);
  }

  static void write(ByteArrayOutputStream out, long value) {
    var zigzag = value << 1 ^ value >> 63;
    while ((zigzag & ~0x7fL) != 0) {
      out.write((int) ((zigzag & 0x7f) | 0x80));
      zigzag >>>= 7;
    }
    out.write((int) zigzag);
  }

  /// Reads variable-length integers, and what is made of them.
  static final class Reader {
    private static final int LONGEST_SHIFT = 63;

    private final byte[] bytes;
    private int at;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    Optional<Progress> progress() {
      if (bytes.length == 0) {
        return Optional.empty();
      }
      return switch (bytes[at++]) {
        case VERSION -> listed();
        case CompactProgress.VERSION -> CompactProgress.read(this);
        default -> Optional.empty();
      };
    }

    boolean isAtEnd() {
      return at == bytes.length;
    }

    private Optional<Progress> listed() {
      var count = number();
      if (count == null || count < 0 || count > bytes.length) {
        return Optional.empty();
      }
      var offsets = new TreeMap<Integer, Long>();
      for (int i = 0; i < count; i++) {
        var partition = number();
        var offset = number();
        if (partition == null
            || offset == null
            || partition < 0
            || partition > Integer.MAX_VALUE
            || offset < -1) {
          return Optional.empty();
        }
        offsets.put(partition.intValue(), offset);
      }
      return at == bytes.length ? Optional.of(new Progress(offsets)) : Optional.empty();
    }

    /// The next number; null when there is none.
    @Nullable Long number() {
      long zigzag = 0;
      for (int shift = 0; shift <= LONGEST_SHIFT && at < bytes.length; shift += 7) {
        var next = bytes[at++];
        zigzag |= (next & 0x7fL) << shift;
        if (next >= 0) {
          return zigzag >>> 1 ^ -(zigzag & 1);
        }
      }
      return null;
    }
  }
}
