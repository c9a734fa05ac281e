package io.tidegate.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
  private static final String HOST = "hooks.shop.example";

  private static InetAddress address(String text) {
    return AddressText.parse(text).orElseThrow();
  }

  private static AddressRules rules(String allow, String deny) {
    return AddressRules.of(
        allow.isEmpty() ? List.of() : List.of(allow.split(" ")),
        deny.isEmpty() ? List.of() : List.of(deny.split(" ")));
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, unspecified",
    "0.255.255.255, unspecified",
    "10.0.0.0, private",
    "10.255.255.255, private",
    "100.64.0.0, shared",
    "100.127.255.255, shared",
    "100.100.100.200, metadata",
    "127.0.0.0, loopback",
    "127.0.0.1, loopback",
    "127.255.255.255, loopback",
    "168.63.129.16, metadata",
    "169.254.0.0, link-local",
    "169.254.169.254, metadata",
    "169.254.170.2, metadata",
    "169.254.255.255, link-local",
    "172.16.0.0, private",
    "172.31.255.255, private",
    "192.0.0.0, reserved",
    "192.0.0.192, metadata",
    "192.0.2.1, documentation",
    "192.88.99.1, reserved",
    "192.168.0.0, private",
    "192.168.255.255, private",
    "198.18.0.0, benchmarks",
    "198.19.255.255, benchmarks",
    "198.51.100.7, documentation",
    "203.0.113.7, documentation",
    "224.0.0.0, multicast",
    "239.255.255.255, multicast",
    "240.0.0.0, reserved",
    "255.255.255.254, reserved",
    "255.255.255.255, broadcast",
    "::, unspecified",
    "::1, loopback",
    "::2, old wrapping",
    "::127.0.0.1, old wrapping",
    "::8.8.8.8, old wrapping",
    "::ffff:127.0.0.1, loopback",
    "::ffff:169.254.169.254, metadata",
    "::ffff:10.1.2.3, private",
    "::ffff:0:127.0.0.1, old wrapping",
    "64:ff9b::127.0.0.1, loopback",
    "64:ff9b::a9fe:a9fe, metadata",
    "64:ff9b::10.0.0.1, private",
    "64:ff9b:1::1, local translation",
    "64:ff9b:1:a9fe:a9:fe00::, local translation",
    "64:ff9b:2::1, outside",
    "100::1, discarded",
    "100:0:0:1::1, discarded",
    "2001::1, unspecified",
    "2001:0:a00:1::, private",
    "2001:0:808:808:0:0:f5ff:fffe, private",
    "2001:0:808:808:0:0:80ff:fffe, loopback",
    "2001:2::1, reserved",
    "2001:10::1, reserved",
    "2001:20::1, reserved",
    "2001:db8::1, documentation",
    "2002:7f00:1::, loopback",
    "2002:a9fe:a9fe::1, metadata",
    "2002:c0a8:101::1, private",
    "2600::5efe:10.0.0.1, private",
    "2600::200:5efe:127.0.0.1, loopback",
    "3fff::1, documentation",
    "4000::1, outside",
    "5f00::1, segment",
    "fc00::1, unique-local",
    "fd00:ec2::254, metadata",
    "fd20:ce::254, metadata",
    "fdff:ffff::1, unique-local",
    "fe80::1, link-local",
    "febf:ffff::1, link-local",
    "fec0::1, site-local",
    "feff::1, site-local",
    "ff02::1, multicast",
    "ffff::1, multicast"
  })
  void whatIsNotPublicIsRefused(String text, String word) {
    assertThat(AddressRules.PUBLIC.refusal(HOST, address(text))).get().asString().contains(word);
    assertThat(AddressRules.PUBLIC.refusal(text)).get().asString().contains(word);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2002:808:808::1",
        "2001:0:808:808:0:0:f7f7:f7f7",
        "2600::5efe:8.8.8.8",
        "2606:4700::1111",
        "3ffe::1"
      })
  void whatIsPublicIsFine(String text) {
    assertThat(AddressRules.PUBLIC.refusal(HOST, address(text))).isEmpty();
    assertThat(AddressRules.PUBLIC.refusal(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        // allow | deny | host | address | refused
        "127.0.0.0/8 | '' | a.example | 127.0.0.1 | false",
        "127.0.0.0/8 | '' | a.example | 10.0.0.1 | true",
        "127.0.0.0/8 | '' | a.example | ::ffff:127.0.0.1 | false",
        "127.0.0.0/8 | '' | a.example | 64:ff9b::127.0.0.1 | false",
        "127.0.0.0/8 | 127.0.0.2 | a.example | 127.0.0.2 | true",
        "127.0.0.0/8 | 127.0.0.2 | a.example | 127.0.0.3 | false",
        "10.0.0.0/8 | 10.1.0.0/16 | a.example | 10.1.2.3 | true",
        "10.0.0.0/8 | 10.1.0.0/16 | a.example | 10.2.2.3 | false",
        "'' | 8.8.8.0/24 | a.example | 8.8.8.8 | true",
        "'' | 8.8.8.0/24 | a.example | 64:ff9b::808:808 | true",
        "'' | 8.8.8.0/24 | a.example | 2002:808:808:: | true",
        "'' | 0.0.0.0/0 | a.example | 8.8.8.8 | true",
        "8.8.8.8 | 0.0.0.0/0 | a.example | 8.8.8.8 | true",
        "*.internal.example | '' | a.internal.example | 10.0.0.1 | false",
        "*.internal.example | '' | A.B.Internal.Example. | 10.0.0.1 | false",
        "*.internal.example | '' | internal.example | 10.0.0.1 | true",
        "*.internal.example | '' | evilinternal.example | 10.0.0.1 | true",
        "internal.example | '' | internal.example | 10.0.0.1 | false",
        "*.internal.example | '' | a.internal.example | 169.254.169.254 | true",
        "*.internal.example 169.254.0.0/16 | '' | a.internal.example | 169.254.169.254 | false",
        "*.internal.example | 10.0.0.0/8 | a.internal.example | 10.0.0.1 | true",
        "10.0.0.0/8 | *.bad.example | x.bad.example | 8.8.8.8 | true",
        "'' | bad.example | bad.example. | 8.8.8.8 | true",
        "* | '' | a.example | 127.0.0.1 | false",
        "* | '' | a.example | 169.254.169.254 | true",
        "fd00::/8 | '' | a.example | fd12::1 | false",
        "::1 | '' | a.example | ::1 | false",
        "::/0 0.0.0.0/0 | '' | a.example | fe80::1 | false",
        "10.0.0.0/9 | '' | a.example | 10.127.255.255 | false",
        "10.0.0.0/9 | '' | a.example | 10.128.0.0 | true",
        "0x7f.1 | '' | a.example | 127.0.0.1 | false"
      },
      delimiter = '|')
  void listsDecideAndDenyWins(
      String allow, String deny, String host, String address, boolean refused) {
    var rules = rules(allow, deny);

    assertThat(rules.refusal(host, address(address)).isPresent()).isEqualTo(refused);
  }

  @Test
  void aDeniedNameIsRefusedBeforeItIsLookedUp() {
    assertThat(rules("", "*.bad.example").refusal("x.bad.example"))
        .contains("the host x.bad.example is denied");
    assertThat(rules("", "*.bad.example").refusal("good.example")).isEmpty();
  }

  @Test
  void theRefusalSaysWhatItIsAbout() {
    assertThat(AddressRules.PUBLIC.refusal(HOST, address("64:ff9b::7f00:1")))
        .contains("the address 127.0.0.1 in 64:ff9b:0:0:0:0:7f00:1 is not public: it is loopback");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "::/129",
        "1.2.3.256",
        "10.0.0.0/8/8",
        "a..b",
        "*.",
        "a.*",
        "*a.example",
        "http://a.example",
        "a.example:80",
        "a b",
        "ü.example"
      })
  void anEntryThatIsNeitherNetworkNorNameIsAFault(String entry) {
    assertThat(AddressRules.fault(entry)).isPresent();
    assertThatThrownBy(() -> AddressRules.of(List.of(entry), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
