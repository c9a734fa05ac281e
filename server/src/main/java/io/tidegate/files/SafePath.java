package io.tidegate.files;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A path of a request as names, one below the other, none of which leads anywhere but down.
///
/// Each segment is percent-decoded once and by itself, so that an encoded slash is part of a name,
/// and no name may hold one. Names that begin with a dot are hidden, `.well-known` (RFC 8615) alone
/// excepted.
///
/// @param isFolder it ended with a slash
record SafePath(List<String> names, boolean isFolder) {
  private static final int MOST_NAMES = 64;
  private static final int LONGEST_NAME = 255;

  SafePath {
    names = List.copyOf(names);
  }

  /// Nothing when a segment is not a plain, visible name.
  static Optional<SafePath> of(String text) {
    var rest = text.startsWith("/") ? text.substring(1) : text;
    var segments = rest.split("/", MOST_NAMES + 1);
    if (segments.length > MOST_NAMES) {
      return Optional.empty();
    }
    var names = new ArrayList<String>(segments.length);
    for (int i = 0; i < segments.length; i++) {
      if (segments[i].isEmpty() && i == segments.length - 1) {
        return Optional.of(new SafePath(names, true));
      }
      var name = decode(segments[i]);
      if (name == null || !isPlain(name)) {
        return Optional.empty();
      }
      names.add(name);
    }
    return Optional.of(new SafePath(names, false));
  }

  private static boolean isPlain(String name) {
    if (name.isEmpty() || (name.startsWith(".") && !name.equals(".well-known"))) {
      return false;
    }
    return name.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
  }

  /// Strictly: escapes must be whole and stand for well-formed UTF-8, in its shortest form.
  private static @Nullable String decode(String segment) {
    var out = ByteBuffer.allocate(3 * segment.length());
    for (int i = 0; i < segment.length(); i++) {
      var c = segment.charAt(i);
      if (c != '%') {
        if (Character.isSurrogate(c)) {
          return null;
        }
        out.put(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
        continue;
      }
      int high = i + 2 < segment.length() ? Character.digit(segment.charAt(i + 1), 16) : -1;
      int low = high >= 0 ? Character.digit(segment.charAt(i + 2), 16) : -1;
      if (low < 0) {
        return null;
      }
      out.put((byte) (high << 4 | low));
      i += 2;
    }
    if (out.flip().remaining() > LONGEST_NAME) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(out).toString();
    } catch (CharacterCodingException malformed) {
      return null;
    }
  }
}
