package io.tidegate.delivery;

import static io.tidegate.delivery.Pumps.URL;
import static io.tidegate.delivery.Pumps.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.log.Header;
import io.tidegate.log.Stored;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequestHashTest {

  /// Anyone can compute it: this is the documented form, written down apart.
  @Test
  void isTheDigestOfItsDocumentedForm() throws Exception {
    var bytes = new ByteArrayOutputStream();
    var form = new DataOutputStream(bytes);
    for (var text : List.of("tidegate-request-1", URL)) {
      put(form, text);
    }
    form.writeInt(3);
    for (var text : List.of(":method", "PUT", "content-type", "text/plain", "x-a", "1")) {
      put(form, text);
    }
    put(form, "body");
    var expected = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());

    var record = record(URL, "body", "X-A", "1", "content-type", "text/plain", ":method", "PUT");

    assertThat(RequestHash.of(record)).isEqualTo(HexFormat.of().formatHex(expected));
  }

  private static void put(DataOutputStream form, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    form.writeInt(bytes.length);
    form.write(bytes);
  }

  @Test
  void isTheSameWhereverAndHoweverOftenTheRequestLies() {
    var first = record(URL, "body", "x-a", "1", "x-b", "2");
    var again =
        new Stored(
            7,
            99,
            5,
            first.key(),
            List.of(Header.of("X-B", "2"), Header.of("x-a", "1")),
            first.value());
    var letter =
        record(
            URL,
            "body",
            "x-a",
            "1",
            "x-b",
            "2",
            "tidegate:reason",
            "gone",
            "zilla:correlation-id",
            "7",
            "traceparent",
            "00-1-2-01",
            "x-b3-traceid",
            "9");

    assertThat(RequestHash.of(again)).isEqualTo(RequestHash.of(first));
    assertThat(RequestHash.of(letter)).isEqualTo(RequestHash.of(first));
  }

  @Test
  void anyChangeOfTheRequestChangesIt() {
    var random = new Random(11);
    var seen = new HashMap<String, Stored>();
    for (int i = 0; i < 20_000; i++) {
      var record = new Stored(0, i, i, bytes(random), headers(random), bytes(random));
      var before = seen.putIfAbsent(RequestHash.of(record), record);
      if (before != null) {
        assertThat(before.key()).isEqualTo(record.key());
        assertThat(before.value()).isEqualTo(record.value());
        assertThat(sorted(before)).isEqualTo(sorted(record));
      }
    }
    assertThat(seen).hasSizeGreaterThan(5_000);
  }

  private static List<Header> sorted(Stored record) {
    return record.headers().stream().sorted(java.util.Comparator.comparing(Header::name)).toList();
  }

  /// Short ones, so that parts often could be taken for one another.
  private static Bytes bytes(Random random) {
    var bytes = new byte[random.nextInt(3)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (random.nextBoolean() ? 'a' : 'b');
    }
    return Bytes.wrap(bytes);
  }

  private static List<Header> headers(Random random) {
    var headers = new ArrayList<Header>();
    for (int n = random.nextInt(4); n > 0; n--) {
      headers.add(new Header("h" + random.nextInt(3), bytes(random)));
    }
    return headers;
  }

  @Test
  void aKeyThatIsMissingIsNotAnEmptyOne() {
    assertThat(RequestHash.of(record(null, "x"))).isNotEqualTo(RequestHash.of(record("", "x")));
  }

  @Test
  void valuesOfOneNameKeepTheirOrder() {
    assertThat(RequestHash.of(record(URL, "x", "a", "1", "a", "2")))
        .isNotEqualTo(RequestHash.of(record(URL, "x", "a", "2", "a", "1")));
  }
}
