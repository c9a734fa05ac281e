package io.tidegate.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.guard.SignatureVectors.Signed;
import io.tidegate.http.Headers;
import io.tidegate.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the senders' libraries sign is verified, and refused when any one bit of it is another.
class SignatureVectorsTest {

  /// Of longer values a sample, the same in every run.
  private static final int MOST_FLIPS = 100;

  private final Random random = new Random(20231114);

  static List<Signed> requests() {
    return SignatureVectors.requests();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void isVerified(Signed signed) {
    var checked = signed.check().check(signed.request(), signed.url());

    assertThat(checked).isInstanceOf(Checked.Verified.class);
    if (signed.saysId()) {
      assertThat(checked).isEqualTo(new Checked.Verified("s0", signed.deliveryId()));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void isRefusedWithAnotherSecret(Signed signed) {
    var other =
        signed.preset().equals("sendgrid")
            ? requests().stream()
                .filter(any -> any.preset().equals("sendgrid") && !any.name().equals(signed.name()))
                .findFirst()
                .orElseThrow()
                .secret()
            : "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
    var check = SignedRequests.check(SignedRequests.preset(signed.preset()), signed.at(), other);

    assertThat(SignedRequests.reason(check.check(signed.request(), signed.url())))
        .isEqualTo(Checked.Reason.MISMATCH);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void isRefusedWithAnyBitOfTheBodyFlipped(Signed signed) {
    var body = signed.request().body();
    var check = signed.check();
    for (int bit : bits(body)) {
      var other = SignedRequests.flipped(body, bit);
      if (!isSameForm(signed, other)) {
        var checked = check.check(signed.request().withBody(other), signed.url());
        assertThat(checked).as("bit %d", bit).isInstanceOf(Checked.Denied.class);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void isRefusedWithAnyBitOfASignedHeaderFlipped(Signed signed) {
    var check = signed.check();
    for (var field : signed.request().headers()) {
      if (isSigned(field.name())) {
        var value = Bytes.wrap(field.value().getBytes(StandardCharsets.ISO_8859_1));
        for (int bit : bits(value)) {
          var other = SignedRequests.flipped(value, bit);
          var changed = with(signed, field.name(), other);
          assertThat(check.check(changed, signed.url()))
              .as("%s bit %d", field.name(), bit)
              .isInstanceOf(Checked.Denied.class);
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void isRefusedWithoutAnyOfItsSignedHeaders(Signed signed) {
    for (var field : signed.request().headers()) {
      if (isSigned(field.name())) {
        var without = signed.request().headers().without(field.name()::equals);
        var request = SignatureVectors.with(signed.request(), without);
        assertThat(signed.check().check(request, signed.url())).isInstanceOf(Checked.Denied.class);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void isRefusedAtAnotherUrlWhereTheUrlIsSigned(Signed signed) {
    if (signed.preset().equals("twilio") || signed.preset().equals("square")) {
      var url = Bytes.utf8(signed.url());
      for (int bit : bits(url)) {
        var other = SignedRequests.flipped(url, bit).utf8();
        assertThat(signed.check().check(signed.request(), other))
            .as("bit %d", bit)
            .isInstanceOf(Checked.Denied.class);
      }
    }
  }

  private static boolean isSigned(String header) {
    return header.contains("signature")
        || header.contains("hmac")
        || header.endsWith("-timestamp")
        || header.equals("webhook-id")
        || header.equals("svix-id");
  }

  /// Twilio signs the fields of a form and not how they are escaped: `%2B` and `%2b` are the same.
  private static boolean isSameForm(Signed signed, Bytes other) {
    return signed.preset().equals("twilio")
        && signed.request().headers().first("content-type").orElse("").contains("form")
        && fields(signed.request().body()).equals(fields(other));
  }

  private static TreeMap<String, TreeSet<String>> fields(Bytes form) {
    var sorted = new TreeMap<String, TreeSet<String>>();
    FormFields.read(form.utf8())
        .ifPresent(read ->
            read.fields()
                .forEach(field ->
                    sorted.computeIfAbsent(field.name(), _ -> new TreeSet<>()).add(field.value())));
    return sorted;
  }

  private int[] bits(Bytes value) {
    int all = value.size() * 8;
    return all <= MOST_FLIPS
        ? IntStream.range(0, all).toArray()
        : random.ints(MOST_FLIPS, 0, all).toArray();
  }

  private static Request with(Signed signed, String header, Bytes value) {
    var fields = new ArrayList<Headers.Field>();
    for (var field : signed.request().headers()) {
      fields.add(
          field.name().equals(header)
              ? new Headers.Field(header, new String(value.array(), StandardCharsets.ISO_8859_1))
              : field);
    }
    return SignatureVectors.with(signed.request(), Headers.of(fields));
  }
}
