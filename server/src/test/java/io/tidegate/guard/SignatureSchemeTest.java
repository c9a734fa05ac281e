package io.tidegate.guard;

import static io.tidegate.guard.SignedRequests.BODY;
import static io.tidegate.guard.SignedRequests.NOW;
import static io.tidegate.guard.SignedRequests.check;
import static io.tidegate.guard.SignedRequests.post;
import static io.tidegate.guard.SignedRequests.reason;
import static io.tidegate.guard.SignedRequests.request;
import static io.tidegate.guard.SignedRequests.verified;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.guard.Checked.Reason;
import io.tidegate.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The generic scheme, told what to do in words.
class SignatureSchemeTest {

  private static Scheme hmac(String... namesAndValues) {
    var parameters = new HashMap<String, String>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      parameters.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return SignaturePresets.of("hmac", parameters);
  }

  @ParameterizedTest
  @CsvSource({
    "sha1,base64,T+tqE6PJJ5+tgqhAxrtL6xQE278=",
    "sha512,hex," + "9477c0608ee8766366010ebb66373c27",
  })
  void speaksEveryAlgorithmAndEncoding(String algorithm, String encoding, String start) {
    var scheme = hmac("header", "X-Sig", "algorithm", algorithm, "encoding", encoding);
    var made = SignatureMaker.of(scheme, List.of(new Secret("gen")));
    var outgoing =
        new SignatureMaker.Outgoing("id", NOW, "POST", SignedRequests.URL, Headers.NONE, BODY);

    var value = made.sign(outgoing).first("x-sig").orElseThrow();

    assertThat(value).startsWith(start);
    assertThat(check(scheme, "gen").check(post(BODY, "x-sig", value))).isEqualTo(verified("s0"));
  }

  @Test
  void takesHexInEitherCaseButNotMixed() {
    var hex = PlainHmac.hmac256("gen", BODY);
    var check = check(hmac("header", "X-Sig"), "gen");

    assertThat(check.check(post(BODY, "x-sig", hex))).isEqualTo(verified("s0"));
    assertThat(check.check(post(BODY, "x-sig", hex.toUpperCase(Locale.ROOT))))
        .isEqualTo(verified("s0"));
    var mixed = hex.replaceFirst("a", "A");
    assertThat(reason(check.check(post(BODY, "x-sig", mixed)))).isEqualTo(Reason.MALFORMED);
  }

  @ParameterizedTest
  @CsvSource({
    "hex,67656e",
    "base64,Z2Vu",
    "base64url,Z2Vu",
    "whsec,whsec_Z2Vu",
    "whsec,Z2Vu",
    "utf8,gen"
  })
  void readsSecretsInEveryEncoding(String encoding, String secret) {
    var scheme = hmac("header", "X-Sig", "secret_encoding", encoding);

    assertThat(check(scheme, secret).check(post(BODY, "x-sig", PlainHmac.hmac256("gen", BODY))))
        .isEqualTo(verified("s0"));
  }

  @Test
  void aSecretThatIsNotOfItsEncodingRefusesEverything() {
    var scheme = hmac("header", "X-Sig", "secret_encoding", "hex");

    assertThat(reason(check(scheme, "no hex").check(post(BODY, "x-sig", "00"))))
        .isEqualTo(Reason.MISCONFIGURED);
    assertThat(SignatureCheck.fault(scheme, "no hex")).contains("is not hex");
  }

  @Test
  void fillsEveryPlaceOfTheSignedContent() {
    var scheme =
        hmac(
            "header", "X-Sig",
            "signed_content", "{method} {path} {url} {id} {timestamp} {header:X-Tenant}\n{body}",
            "timestamp", "header:X-Time",
            "timestamp_unit", "iso",
            "id_header", "X-Id");
    var url = "https://example.com/a%20b?q=1";
    var text = "PUT /a%20b " + url + " d-1 2023-11-14T23:13:20+01:00 t\u00e9nant\n" + BODY.utf8();
    // a header is bytes; listeners show them as Latin-1
    var content = Bytes.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    var signature = PlainHmac.hmac256("gen", content);

    var request =
        request(
            "PUT",
            url,
            BODY,
            "x-sig",
            signature,
            "x-time",
            "2023-11-14T23:13:20+01:00",
            "x-id",
            "d-1",
            "x-tenant",
            "t\u00e9nant");

    assertThat(check(scheme, "gen").check(request)).isEqualTo(verified("s0", "d-1"));
    var without = SignatureVectors.with(request, request.headers().without("x-tenant"::equals));
    assertThat(reason(check(scheme, "gen").check(without))).isEqualTo(Reason.MALFORMED);
    var twice = SignatureVectors.with(request, request.headers().with("x-tenant", "other"));
    assertThat(reason(check(scheme, "gen").check(twice))).isEqualTo(Reason.MALFORMED);
    var anonymous = SignatureVectors.with(request, request.headers().without("x-id"::equals));
    assertThat(reason(check(scheme, "gen").check(anonymous))).isEqualTo(Reason.MISSING);
  }

  @Test
  void canSayTheSignatureOfHook0() {
    var scheme =
        hmac(
            "header", "X-Hook0-Signature",
            "multi_key", "v1",
            "timestamp", "key:t",
            "signed_content",
                "{timestamp}.content-type x-event-id.{header:content-type}.{header:x-event-id}.{body}",
            "id_header", "X-Event-Id");
    var request =
        post(
            BODY,
            "content-type",
            "application/json",
            "x-event-id",
            "evt-1",
            "x-hook0-signature",
            "t=1700000000,h=content-type x-event-id,"
                + "v1=a23054de0355a71abec36c9c90221329e7b17e197fc2c139a3b2ef9a7eebd54b");

    assertThat(check(scheme, "hook0_secret").check(request)).isEqualTo(verified("s0", "evt-1"));
  }

  @Test
  void findsOneGoodSignatureAmongMany() {
    var stripe = SignedRequests.preset("stripe");
    var good = PlainHmac.hmac256("key", Bytes.utf8("1700000000." + BODY.utf8()));
    var header = "t=1700000000, v0=00,v1=zz,v1=" + "00".repeat(32) + ",v1=" + good;

    assertThat(check(stripe, "key").check(post(BODY, "stripe-signature", header)))
        .isEqualTo(verified("s0"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1=%s",
        "t=1700000000",
        "t=1700000000,t=1700000000,v1=%s",
        "t=,v1=%s",
        "t=abc,v1=%s",
        "t=-1700000000,v1=%s",
        "t=1700000000.0,v1=%s",
        "t=17000000000000000000,v1=%s",
        "t=1700000000,v1:%s",
        "t=1700000000;v1=%s",
        "t=1700000000,V1=%s",
        "t=1700000000,v0=%s",
        "t=1700000000,v11=%s",
      })
  void oddListsAreRefused(String header) {
    var good = PlainHmac.hmac256("key", Bytes.utf8("1700000000." + BODY.utf8()));

    assertThat(
            check(SignedRequests.preset("stripe"), "key")
                .check(post(BODY, "stripe-signature", header.formatted(good))))
        .isInstanceOf(Checked.Denied.class);
  }

  @Test
  void listsWithoutEndAreRefused() {
    var good = PlainHmac.hmac256("key", Bytes.utf8("1700000000." + BODY.utf8()));
    var header = "t=1700000000" + ",v1=00".repeat(40) + ",v1=" + good;

    assertThat(
            reason(
                check(SignedRequests.preset("stripe"), "key")
                    .check(post(BODY, "stripe-signature", header))))
        .isEqualTo(Reason.MALFORMED);
  }

  @Test
  void anOldAndANewSecretShareABareList() {
    var scheme = SignedRequests.preset("outpost");
    var header = "v0=" + PlainHmac.hmac256("new", BODY) + "," + PlainHmac.hmac256("old", BODY);
    var request = post(BODY, "x-outpost-signature", header);

    assertThat(check(scheme, "old").check(request)).isEqualTo(verified("s0"));
    assertThat(check(scheme, "new").check(request)).isEqualTo(verified("s0"));
  }

  @Test
  void everyFaultIsNamedAtOnce() {
    assertThatThrownBy(() ->
            hmac(
                "algorithm", "md5",
                "encoding", "base32",
                "signed_content", "{bodi}",
                "timestamp", "cookie:x",
                "tolerance_seconds", "3601",
                "colour", "red"))
        .hasMessageContainingAll(
            "no parameter is named colour",
            "header: the name of the signature header is required",
            "algorithm: sha1, sha256",
            "encoding: one of",
            "no {bodi}",
            "timestamp: header:<name>",
            "tolerance_seconds: tolerance must be 0 to 3600 seconds, was 3601");
  }

  @Test
  void partsThatDoNotFitAreFaults() {
    assertThatThrownBy(() -> hmac("header", "x", "signed_content", "{timestamp}.{body}"))
        .hasMessageContaining("go together");
    assertThatThrownBy(() -> hmac("header", "x", "timestamp", "header:x-time"))
        .hasMessageContaining("go together");
    assertThatThrownBy(
            () -> hmac("header", "x", "timestamp", "key:t", "signed_content", "{timestamp}.{body}"))
        .hasMessageContaining("needs a list");
    assertThatThrownBy(() -> hmac("header", "x", "signed_content", "{id}.{body}"))
        .hasMessageContaining("{id}");
    assertThatThrownBy(() -> hmac("header", "x", "signed_content", "{url}"))
        .hasMessageContaining("{body}");
    assertThatThrownBy(() -> hmac("header", "x", "encoding", "utf8"))
        .hasMessageContaining("hex, base64 or base64url");
  }

  @Test
  void presetsHaveFewParameters() {
    var stripe = SignaturePresets.of("stripe", Map.of("tolerance_seconds", "600"));
    var key = SignaturePresets.of("api-key", Map.of("header", "X-Token"));

    assertThat(((SignatureScheme) stripe).tolerance()).hasMinutes(10);
    assertThat(check(key, "k").check(post(BODY, "x-token", "k"))).isEqualTo(verified("s0"));
    assertThatThrownBy(() -> SignaturePresets.of("stripe", Map.of("header", "x")))
        .hasMessageContaining("no parameter header");
    assertThatThrownBy(() -> SignaturePresets.of("strip", Map.of()))
        .hasMessageContainingAll("strip", "stripe");
  }
}
