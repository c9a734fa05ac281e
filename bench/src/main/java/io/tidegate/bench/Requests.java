package io.tidegate.bench;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The requests of the scenarios, as bytes on the wire.
final class Requests {

  /// How long every body is.
  static final int BODY_BYTES = 1024;

  /// How many items the merged reply holds.
  static final int ITEMS = 100;

  /// How long the body of a webhook is.
  static final int WEBHOOK_BYTES = 2048;

  /// The endpoints of webhooks, and the secret of both, as the configuration has them.
  static final String DURABLE = "0123456789abcdef0123456789abcdef";

  static final String MEMORY = "1123456789abcdef0123456789abcdef";
  private static final String SECRET = "bench";

  /// The operator's key, by which events are published.
  static final String KEY = "the operator of the benchmark";

  private static final String API = "/api/v1";
  private static final String OPERATOR = "authorization: Bearer " + KEY + "\r\n";
  private static final int STAMPED_BYTES = 512;

  private Requests() {}

  static byte[] putTenant() {
    return putTenant("bench");
  }

  static byte[] putTenant(String tenant) {
    return of("PUT", API + "/tenants/" + tenant, OPERATOR, "{}");
  }

  static byte[] publish() {
    var start = published("bench");
    return of(
        "POST",
        API + "/publish",
        OPERATOR,
        start + document("event", BODY_BYTES - start.length() - 1) + "}");
  }

  /// @param data JSON
  static byte[] publish(String tenant, String data) {
    return of("POST", API + "/publish", OPERATOR, published(tenant) + data + "}");
  }

  private static String published(String tenant) {
    return "{\"tenant_id\":\"" + tenant + "\",\"topic\":\"event\",\"data\":";
  }

  /// A webhook that gets all events of its tenant.
  static byte[] subscribe(String tenant, String url) {
    var body = "{\"type\":\"webhook\",\"topics\":\"*\",\"config\":{\"url\":\"" + url + "\"}}";
    return of("POST", API + "/tenants/" + tenant + "/destinations", OPERATOR, body);
  }

  /// Of the limit: stores the body for the receiver at that URL.
  static byte[] relay(String url, String body) {
    return of("POST", "/", RelaySkeleton.RECEIVER + ": " + url + "\r\n", body);
  }

  /// What a receiver of ours understands, as long as the records of `deliver`.
  ///
  /// @param stamp number and time
  static String stamped(String stamp) {
    return document(stamp, STAMPED_BYTES);
  }

  static byte[] webhook(String endpoint) {
    var body = document("webhook", WEBHOOK_BYTES);
    var headers =
        "user-agent: bench\r\nx-github-event: push\r\nx-hub-signature-256: sha256="
            + signature(body)
            + "\r\n";
    return of("POST", "/e/" + endpoint, headers, body);
  }

  private static String signature(String body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  static byte[] event() {
    return of("POST", "/events", document("event"));
  }

  static byte[] putItem(int number) {
    return of("PUT", "/items/item-" + number, document("item-" + number));
  }

  static byte[] oneItem() {
    return of("GET", "/items/item-" + ITEMS / 2, "");
  }

  static byte[] allItems() {
    return of("GET", "/items", "");
  }

  private static byte[] of(String method, String path, String body) {
    return of(method, path, "", body);
  }

  private static byte[] of(String method, String path, String headers, String body) {
    var head = method + " " + path + " HTTP/1.1\r\nhost: 127.0.0.1\r\n" + headers;
    if (!body.isEmpty()) {
      head += "content-type: application/json\r\ncontent-length: " + body.length() + "\r\n";
    }
    return (head + "\r\n" + body).getBytes(StandardCharsets.US_ASCII);
  }

  private static String document(String name) {
    return document(name, BODY_BYTES);
  }

  private static String document(String name, int bytes) {
    var start = "{\"name\":\"" + name + "\",\"note\":\"";
    var end = "\"}";
    return start + "x".repeat(bytes - start.length() - end.length()) + end;
  }
}
