package io.tidegate.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTextTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1",
    "127.0.0.1., 127.0.0.1",
    "127.1, 127.0.0.1",
    "127.0.1, 127.0.0.1",
    "0177.0.0.1, 127.0.0.1",
    "0177.1, 127.0.0.1",
    "00000177.1, 127.0.0.1",
    "0x7f.0.0.1, 127.0.0.1",
    "0X7F.1, 127.0.0.1",
    "0x7f000001, 127.0.0.1",
    "0x0000007f000001, 127.0.0.1",
    "017700000001, 127.0.0.1",
    "2130706433, 127.0.0.1",
    "169.254.43518, 169.254.169.254",
    "169.16689662, 169.254.169.254",
    "0xa9fea9fe, 169.254.169.254",
    "2852039166, 169.254.169.254",
    "0251.0376.0251.0376, 169.254.169.254",
    "0, 0.0.0.0",
    "0x, 0.0.0.0",
    "1, 0.0.0.1",
    "4294967295, 255.255.255.255",
    "8.8.8.8, 8.8.8.8",
    "::1, 0:0:0:0:0:0:0:1",
    "[::1], 0:0:0:0:0:0:0:1",
    "::, 0:0:0:0:0:0:0:0",
    "::ffff:127.0.0.1, 127.0.0.1",
    "::ffff:7f00:1, 127.0.0.1",
    "0:0:0:0:0:FFFF:7F00:0001, 127.0.0.1",
    "2001:db8::1, 2001:db8:0:0:0:0:0:1"
  })
  void everyFormOfAnAddressIsRead(String text, String address) {
    assertThat(AddressText.parse(text).map(InetAddress::getHostAddress)).contains(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "a",
        "example.com",
        "1.2.3.4.5",
        "256.1.1.1",
        "1.2.3.256",
        "4294967296",
        "08.8.8.8",
        "1..2",
        "1.2.3.4..",
        "0xg",
        "-1",
        "+1.2.3.4",
        " 1.2.3.4",
        "1.2.3.4 ",
        "1.2.3.4%eth0",
        "fe80::1%1",
        "::1%lo",
        ":::",
        "1::2::3",
        "[::1",
        "::1]",
        "12345::",
        "99999999999999999999999",
        "１.2.3.4",
        "0x1ffffffffffffff"
      })
  void whatIsNoneIsNotReadAsOne(String text) {
    assertThat(AddressText.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.2.3.256",
        "08.1",
        "foo.0x4",
        "example.123",
        "1.2.3.4.5",
        "4294967296",
        "a.1.",
        "0x0000000000000000007f000001"
      })
  void aHostThatEndsInANumberIsNoName(String text) {
    assertThat(AddressText.isNumeric(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.com", "1and1.com", "0xen.org", "a", "1.2.3.4a", "", "x.0xg"})
  void aNameIsAName(String text) {
    assertThat(AddressText.isNumeric(text)).isFalse();
  }
}
