package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.plan.StreamMapping;
import io.tidegate.view.Event;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/// What stands in the `id` of an event: how far a reader has come with it, the tag that the
/// producer gave it, and its key where the route wants that.
final class EventIds {
  /// A producer's tag beyond this is left out: readers send the id back in a header.
  private static final int LONGEST_TAG = 256;

  private static final int LONGEST_KEY = 1024;

  private EventIds() {}

  static String of(Event event, StreamMapping.EventId form) {
    var stored = event.stored();
    var progress = ProgressTag.encode(event.before(), stored.partition(), stored.offset() + 1);
    var tag = stored.headers().isEmpty() ? null : tag(stored.header("etag").orElse(null));
    return switch (form) {
      case ETAG -> tag == null ? progress : progress + "/" + tag;
      case KEY_AND_ETAG -> {
        var etag = tag == null ? progress : progress + "/" + quoted(tag);
        yield "[" + key(stored.key()) + ",\"" + etag + "\"]";
      }
    };
  }

  private static String key(@Nullable Bytes key) {
    return key == null || key.size() > LONGEST_KEY ? "null" : '"' + base64(key) + '"';
  }

  static String base64(Bytes key) {
    return Base64.getUrlEncoder().encodeToString(key.array());
  }

  /// Null when there is none, or none that can stand in a line and in a header.
  private static @Nullable String tag(@Nullable Bytes value) {
    if (value == null || value.isEmpty() || value.size() > LONGEST_TAG) {
      return null;
    }
    for (byte b : value.array()) {
      if ((b >= 0 && b < ' ') || b == 0x7f) {
        return null;
      }
    }
    return new String(value.array(), StandardCharsets.UTF_8);
  }

  private static String quoted(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsCharArray(text));
  }
}
