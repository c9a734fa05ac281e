package io.tidegate.bench;

import java.nio.charset.StandardCharsets;

/// The requests of the scenarios, as bytes on the wire.
final class Requests {

  /// How long every body is.
  static final int BODY_BYTES = 1024;

  /// How many items the merged reply holds.
  static final int ITEMS = 100;

  private Requests() {}

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
    var head = method + " " + path + " HTTP/1.1\r\nhost: 127.0.0.1\r\n";
    if (!body.isEmpty()) {
      head += "content-type: application/json\r\ncontent-length: " + body.length() + "\r\n";
    }
    return (head + "\r\n" + body).getBytes(StandardCharsets.US_ASCII);
  }

  private static String document(String name) {
    var start = "{\"name\":\"" + name + "\",\"note\":\"";
    var end = "\"}";
    return start + "x".repeat(BODY_BYTES - start.length() - end.length()) + end;
  }
}
