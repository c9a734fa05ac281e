package io.tidegate.delivery;

import io.tidegate.delivery.KeyUrls.KeyUrl;
import io.tidegate.log.Stored;
import io.tidegate.plan.HttpService.HeaderPattern;
import io.tidegate.plan.Pump;
import org.jspecify.annotations.Nullable;

/// A route with its conditions ready to be tried.
///
/// @param url the pattern of the key, when it is one of URLs: it is held against the key in normal
///   form, so that no other spelling slips past it
record RecordRoute(Pump.Route route, @Nullable UrlPattern url) {

  static RecordRoute of(Pump.Route route) {
    var pattern = route.key().map(Object::toString).filter(UrlPattern::looksLikeOne);
    return new RecordRoute(route, pattern.map(UrlPattern::of).orElse(null));
  }

  boolean wants(Stored record, KeyUrl key) {
    return wantsKey(record, key)
        && route.headers().stream().allMatch(header -> has(record, header));
  }

  private boolean wantsKey(Stored record, KeyUrl key) {
    var target = key.target();
    if (route.key().isEmpty()) {
      return true;
    }
    if (url != null) {
      return record.key() != null && url.matches(target == null ? key.text() : target.url());
    }
    return record.key() != null && route.key().get().match(key.text()).isPresent();
  }

  private static boolean has(Stored record, HeaderPattern header) {
    return record
        .header(header.name())
        .map(value -> header.pattern().match(value.utf8()).isPresent())
        .orElse(false);
  }
}
