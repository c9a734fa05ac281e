package io.tidegate.bench;

import io.tidegate.base.Bytes;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Orders of about 2 KiB, a filter of ten conditions about them, and the same by hand.
final class SampleEvent {

  static final String FILTER =
      """
      {"topic":{"$startsWith":"order."},
       "data":{"status":{"$nin":["cancelled","refunded"]},
               "currency":"EUR",
               "total":{"$gte":100,"$lt":5000},
               "customer":{"country":{"$in":["DE","AT","CH"]},"vip":true},
               "items":{"sku":{"$startsWith":"TG-7"}},
               "channel":{"$exist":true},
               "note":{"$contains":"gift"}}}\
      """;

  private static final Set<String> CLOSED = Set.of("cancelled", "refunded");
  private static final Set<String> COUNTRIES = Set.of("DE", "AT", "CH");

  private SampleEvent() {}

  /// All of them pass, so that every condition is asked.
  static List<Bytes> passing(int count) {
    return IntStream.range(0, count).mapToObj(i -> event(i, i % 7, false)).toList();
  }

  /// One in eight passes; the others fail at one condition or another.
  static List<Bytes> mixed(int count) {
    return IntStream.range(0, count).mapToObj(i -> event(i, i % 8, true)).toList();
  }

  private static Bytes event(int number, int kind, boolean mixed) {
    var items = new StringBuilder();
    for (var i = 0; i < 11; i++) {
      items.append(i == 0 ? "" : ",");
      items.append(
          """
          {"sku":"TG-%d%04d","name":"Tide table of the harbour, volume %d","quantity":%d,"price":%d.95,"tags":["paper","map"]}\
          """
              .formatted(!mixed || kind != 1 ? 7 - i % 4 : 9, number + i, i, i + 1, 10 + i));
    }
    return Bytes.utf8(
        """
        {"id":"evt_%012d","topic":"%s","time":"2026-11-22T07:%02d:00Z","tenant_id":"tenant-%d",\
        "metadata":{"region":"eu-central","source":"shop","trace":"%032x"},\
        "data":{"order_id":"ord_%08d","status":"%s","currency":"%s","total":%d.50,"tax":12.35,\
        "customer":{"id":"cus_%06d","name":"Anna Beispiel","email":"anna%d@shop.example","country":"%s","vip":%b,\
        "address":{"street":"Hafenstrasse 12","zip":"20457","city":"Hamburg"}},\
        "items":[%s],"shipping":{"carrier":"post","service":"standard","days":3,"price":4.95},\
        "channel":"web","coupon":null,"test":false,"note":"%s","created_at":"2026-11-22T06:59:00Z",\
        "payment":{"method":"card","brand":"visa","last4":"4242","captured":true},"weight":1.25}}\
        """
            .formatted(
                number,
                mixed && kind == 2 ? "invoice.sent" : "order.paid",
                number % 60,
                number % 9,
                number * 0x9e3779b97f4a7c15L,
                number,
                mixed && kind == 3 ? "refunded" : "paid",
                mixed && kind == 4 ? "USD" : "EUR",
                mixed && kind == 5 ? 50 : 200 + number,
                number,
                number,
                mixed && kind == 6 ? "FR" : "AT",
                !mixed || kind != 7,
                items,
                "please wrap it, it is a gift"));
  }

  /// What the filter asks, in its order, with the values it is about written into the code.
  static boolean passes(JsonNode event) {
    var topic = event.get("topic");
    if (topic == null || !topic.isString() || !topic.stringValue().startsWith("order.")) {
      return false;
    }
    var data = event.get("data");
    if (data == null || !data.isObject()) {
      return false;
    }
    var status = data.get("status");
    if (status != null && status.isString() && CLOSED.contains(status.stringValue())) {
      return false;
    }
    var currency = data.get("currency");
    if (currency == null || !currency.isString() || !currency.stringValue().equals("EUR")) {
      return false;
    }
    var total = data.get("total");
    if (total == null
        || !total.isNumber()
        || total.doubleValue() < 100
        || total.doubleValue() >= 5000) {
      return false;
    }
    var items = data.get("items");
    var note = data.get("note");
    return isWanted(data.get("customer"))
        && items != null
        && hasWanted(items)
        && data.get("channel") != null
        && note != null
        && note.isString()
        && note.stringValue().contains("gift");
  }

  private static boolean isWanted(@Nullable JsonNode customer) {
    if (customer == null || !customer.isObject()) {
      return false;
    }
    var country = customer.get("country");
    var vip = customer.get("vip");
    return country != null
        && country.isString()
        && COUNTRIES.contains(country.stringValue())
        && vip != null
        && vip.isBoolean()
        && vip.booleanValue();
  }

  private static boolean hasWanted(JsonNode items) {
    for (var i = 0; i < items.size(); i++) {
      var sku = items.get(i).get("sku");
      if (sku != null && sku.isString() && sku.stringValue().startsWith("TG-7")) {
        return true;
      }
    }
    return false;
  }
}
