package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.http.Call.Target;
import io.tidegate.http.TargetUrl;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Keys of records read as URLs. The same ones come again and again, and each is read several times
/// on its way, so the last few thousand are remembered. Any thread.
final class KeyUrls {
  private static final int MOST = 4096;
  private static final int LONGEST = 512;

  private final Map<Bytes, KeyUrl> known = new ConcurrentHashMap<>();

  KeyUrl of(@Nullable Bytes key) {
    if (key == null || key.size() > LONGEST) {
      return KeyUrl.of(key);
    }
    var before = known.get(key);
    if (before != null) {
      return before;
    }
    if (known.size() >= MOST) {
      known.clear();
    }
    var read = KeyUrl.of(key);
    known.put(key, read);
    return read;
  }

  /// A key, and the URL that it is.
  ///
  /// @param text empty when there is no key
  /// @param target null when it is no URL
  /// @param fault why
  record KeyUrl(String text, @Nullable Target target, String fault) {

    static KeyUrl of(@Nullable Bytes key) {
      if (key == null) {
        return new KeyUrl("", null, "the record has neither a key nor a header :authority");
      }
      var text = key.size() > 4 * TargetUrl.LONGEST ? "" : key.utf8();
      try {
        return new KeyUrl(text, TargetUrl.parse(text), "");
      } catch (TargetUrl.Unfit unfit) {
        return new KeyUrl(text, null, "the key is not a URL that can be used: " + unfit.why());
      }
    }

    boolean looksLikeUrl() {
      return text.contains("://");
    }
  }
}
