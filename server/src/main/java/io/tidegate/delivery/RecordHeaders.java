package io.tidegate.delivery;

import io.tidegate.http.Headers;
import io.tidegate.log.Header;
import io.tidegate.log.Stored;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/// The headers of a record as those of a request. What is ours, or belongs to one connection, stays
/// behind; what could be read as two requests is refused.
///
/// | header of the record | in the request |
/// |---|---|
/// | `:method`, `:scheme`, `:authority`, `:path` | the request line |
/// | `zilla:*`, `tidegate:*`, `tidegate-*`, others that begin with a colon | not sent |
/// | `host`, `content-length`, `connection` and what it names, `keep-alive`, `te`, `trailer`, `upgrade`, `expect`, `proxy-*`, `http2-settings` | not sent |
/// | `transfer-encoding`; `content-length` twice, or another than the value's | refused |
/// | a name that is not a token (RFC 9110), a value with a control character | refused |
/// | `content-type`, `user-agent`, `authorization`, the idempotency header, more than once | the last one |
/// | all others | the same bytes, in their order |
final class RecordHeaders {
  private static final int MOST = 128;
  private static final int MOST_BYTES = 32 << 10;
  private static final int LONGEST_NAME = 128;

  private static final Set<String> OF_THE_CONNECTION =
      Set.of(
          "host",
          "content-length",
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "upgrade",
          "expect",
          "http2-settings");

  private static final Set<String> ONCE =
      Set.of("content-type", "user-agent", "authorization", "webhook-id", "svix-id");

  private final String idempotencyHeader;

  /// @param idempotencyHeader in lower case
  RecordHeaders(String idempotencyHeader) {
    this.idempotencyHeader = idempotencyHeader;
  }

  /// @throws Refusal when a header of the record cannot be sent
  Headers fields(Stored record) {
    if (record.headers().size() > MOST) {
      throw new Refusal("the record has more than " + MOST + " headers");
    }
    requireOneLength(record);
    var named = named(record);
    var fields = new ArrayList<Headers.Field>(record.headers().size());
    int size = 0;
    for (var header : record.headers()) {
      var name = header.name().toLowerCase(Locale.ROOT);
      if (!isControl(name)) {
        var value = value(name, header, record);
        size += name.length() + value.length();
        if (!OF_THE_CONNECTION.contains(name) && !named.contains(name)) {
          fields.add(new Headers.Field(name, value));
        }
      }
    }
    if (size > MOST_BYTES) {
      throw new Refusal("the headers of the record have more than " + MOST_BYTES + " bytes");
    }
    return Headers.of(lastOfEach(fields));
  }

  /// Ours, or another program's: not for the receiver.
  static boolean isControl(String lowerCase) {
    return lowerCase.startsWith(":")
        || lowerCase.startsWith("zilla:")
        || lowerCase.startsWith("tidegate:")
        || lowerCase.startsWith("tidegate-");
  }

  private static void requireOneLength(Stored record) {
    var lengths =
        record.headers().stream()
            .filter(header -> header.name().equalsIgnoreCase("content-length"))
            .count();
    if (lengths > 1) {
      throw new Refusal("the record has header content-length more than once");
    }
  }

  private static Set<String> named(Stored record) {
    var all = new HashSet<String>();
    for (var header : record.headers()) {
      if (header.name().equalsIgnoreCase("connection")) {
        for (var name : header.value().utf8().split(",", MOST)) {
          all.add(name.strip().toLowerCase(Locale.ROOT));
        }
      }
    }
    return all;
  }

  private static String value(String name, Header header, Stored record) {
    if (!isName(name)) {
      throw new Refusal("the record has a header whose name is none in HTTP");
    }
    var value = new String(header.value().array(), StandardCharsets.ISO_8859_1).strip();
    if (!isValue(value)) {
      throw new Refusal("the value of header " + name + " holds a control character");
    }
    if (name.equals("transfer-encoding")) {
      throw new Refusal("the record has a header transfer-encoding");
    }
    var body = record.value();
    if (name.equals("content-length")
        && !(body != null && value.equals(Integer.toString(body.size())))) {
      throw new Refusal("header content-length is not the length of the value");
    }
    return value;
  }

  static boolean isName(String name) {
    if (name.isEmpty() || name.length() > LONGEST_NAME) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!letter && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  /// The characters stand for bytes (ISO 8859-1).
  static boolean isValue(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
        return false;
      }
    }
    return true;
  }

  private List<Headers.Field> lastOfEach(List<Headers.Field> fields) {
    var seen = new HashSet<String>();
    var kept = new ArrayList<Headers.Field>(fields.size());
    for (var field : fields.reversed()) {
      boolean single = ONCE.contains(field.name()) || field.name().equals(idempotencyHeader);
      if (!single || seen.add(field.name())) {
        kept.add(field);
      }
    }
    return kept.reversed();
  }

  /// Never to be sent. Its message is a sentence without contents.
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refusal(String why) {
      super(why, null, false, false);
    }

    String why() {
      return Objects.requireNonNull(getMessage());
    }
  }
}
