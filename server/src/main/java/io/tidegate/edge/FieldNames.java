package io.tidegate.edge;

import io.netty.util.AsciiString;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Header names as texts in lower case. The common ones are not made anew for every request.
final class FieldNames {
  private static final int SLOTS = 512;
  private static final AsciiString[] KNOWN = new AsciiString[SLOTS];
  private static final String[] TEXTS = new String[SLOTS];

  /// What replies have most often.
  private static final Map<String, AsciiString> WIRE = new HashMap<>();

  /// Fields that speak of the connection, not of the message (RFC 9110, 7.6.1).
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "transfer-encoding",
          "te",
          "trailer",
          "upgrade",
          "http2-settings");

  static {
    for (var name :
        """
        accept accept-charset accept-encoding accept-language access-control-request-headers
        access-control-request-method authorization baggage cache-control connection
        content-encoding content-language content-length content-type cookie date dnt etag expect
        forwarded from host http2-settings idempotency-key if-match if-modified-since if-none-match
        if-range if-unmodified-since keep-alive last-event-id location max-forwards origin pragma
        prefer priority proxy-authorization proxy-connection range referer sec-ch-ua
        sec-ch-ua-mobile sec-ch-ua-platform sec-fetch-dest sec-fetch-mode sec-fetch-site
        sec-fetch-user stripe-signature te traceparent tracestate trailer transfer-encoding upgrade
        upgrade-insecure-requests user-agent via webhook-id webhook-signature webhook-timestamp
        x-b3-sampled x-b3-spanid x-b3-traceid x-forwarded-for x-forwarded-host x-forwarded-port
        x-forwarded-proto x-github-delivery x-github-event x-hub-signature x-hub-signature-256
        x-real-ip x-request-id x-requested-with
        """
            .strip()
            .split("\\s+", -1)) {
      var ascii = AsciiString.cached(name);
      int slot = slot(ascii);
      while (KNOWN[slot] != null) {
        slot = next(slot);
      }
      KNOWN[slot] = ascii;
      TEXTS[slot] = name.intern();
    }
  }

  static {
    for (var name :
        """
        allow cache-control content-disposition content-encoding content-language content-type date
        etag expires last-modified link location preference-applied retry-after server set-cookie
        traceparent vary www-authenticate x-request-id
        """
            .strip()
            .split("\\s+", -1)) {
      WIRE.put(name, AsciiString.cached(name));
    }
  }

  private FieldNames() {}

  private static int slot(AsciiString name) {
    int hash = name.hashCode(); // does not mind the case
    return (hash ^ (hash >>> 16)) & (SLOTS - 1);
  }

  private static int next(int slot) {
    return (slot + 1) & (SLOTS - 1);
  }

  static String lower(CharSequence name) {
    if (!(name instanceof AsciiString ascii)) {
      return name.toString().toLowerCase(Locale.ROOT);
    }
    for (int slot = slot(ascii); KNOWN[slot] != null; slot = next(slot)) {
      if (KNOWN[slot].contentEqualsIgnoreCase(ascii)) {
        return TEXTS[slot];
      }
    }
    return ascii.toLowerCase().toString();
  }

  /// A name as it is best put onto the wire, or nothing when it is no common one.
  static @Nullable AsciiString common(String name) {
    return WIRE.get(name);
  }

  static boolean hopByHop(String name) {
    return HOP_BY_HOP.contains(name);
  }
}
