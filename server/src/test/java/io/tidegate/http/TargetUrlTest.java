package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.http.TargetUrl.Unfit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetUrlTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          https://hooks.shop.example/in?x=1          | https://hooks.shop.example/in?x=1
          HTTPS://Hooks.Shop.EXAMPLE/In              | https://hooks.shop.example/In
          https://hooks.shop.example                 | https://hooks.shop.example/
          https://hooks.shop.example?x=1             | https://hooks.shop.example/?x=1
          https://hooks.shop.example:443/            | https://hooks.shop.example/
          http://hooks.shop.example:80/              | http://hooks.shop.example/
          http://hooks.shop.example:443/             | http://hooks.shop.example:443/
          http://hooks.shop.example:/                | http://hooks.shop.example/
          http://hooks.shop.example:00080/           | http://hooks.shop.example/
          http://hooks.shop.example:65535/           | http://hooks.shop.example:65535/
          https://hooks.shop.example./in             | https://hooks.shop.example/in
          http://my_service:8080/in                  | http://my_service:8080/in
          https://h.example/a/./b/../c               | https://h.example/a/c
          https://h.example/../../x                  | https://h.example/x
          https://h.example/a/%2e%2E/b               | https://h.example/b
          https://h.example/a/.%2e                   | https://h.example/
          https://h.example/a/..?q=/../x             | https://h.example/?q=/../x
          https://h.example/a/...                    | https://h.example/a/...
          https://h.example//a//b                    | https://h.example//a//b
          https://h.example/ä?q=€                    | https://h.example/%C3%A4?q=%E2%82%AC
          https://h.example/{id}?q=<x>               | https://h.example/%7Bid%7D?q=%3Cx%3E
          https://h.example/a%20b                    | https://h.example/a%20b
          https://bücher.example/                    | https://xn--bcher-kva.example/
          https://BÜCHER.example/                    | https://xn--bcher-kva.example/
          https://例え.テスト/                        | https://xn--r8jz45g.xn--zckzah/
          https://xn--bcher-kva.example/             | https://xn--bcher-kva.example/
          http://127.1/                              | http://127.0.0.1/
          http://0x7f.1/                             | http://127.0.0.1/
          http://0177.0.0.1/                         | http://127.0.0.1/
          http://2130706433/                         | http://127.0.0.1/
          http://0x7F000001/                         | http://127.0.0.1/
          http://017700000001/                       | http://127.0.0.1/
          http://10.0.0.1.:8080/                     | http://10.0.0.1:8080/
          http://[::1]/                              | http://[::1]/
          http://[::]:81/                            | http://[::]:81/
          http://[0:0:0:0:0:0:0:1]:8080/             | http://[::1]:8080/
          http://[2001:DB8:0:0:1:0:0:1]/             | http://[2001:db8::1:0:0:1]/
          http://[2001:db8:0:1:1:1:1:1]/             | http://[2001:db8:0:1:1:1:1:1]/
          http://[fe80::]/                           | http://[fe80::]/
          http://[::ffff:127.0.0.1]/                 | http://127.0.0.1/
          http://[::ffff:7f00:1]/                    | http://127.0.0.1/
          """)
  void oneTargetHasOneText(String url, String normal) {
    var target = TargetUrl.parse(url);

    assertThat(target.url()).isEqualTo(normal);
    assertThat(TargetUrl.parse(normal)).isEqualTo(target);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                   | it does not begin with http:// or https://
          hooks.shop.example/in                | it does not begin with http:// or https://
          //hooks.shop.example/in              | it does not begin with http:// or https://
          https:/hooks.shop.example            | it does not begin with http:// or https://
          ftp://hooks.shop.example/            | its scheme is neither http nor https
          file:///etc/passwd                   | its scheme is neither http nor https
          ' https://h.example/'                | its scheme is neither http nor https
          https://                             | it has no host
          https:///path                        | it has no host
          https://./                           | it has no host
          https://user:pass@h.example/         | it holds credentials; they belong into a guard
          https://good.example@evil.example/   | it holds credentials; they belong into a guard
          https://h.example/#part              | it has a fragment
          https://h.example#part               | its path does not begin with a slash
          https://h.example/a?b#c              | it has a fragment
          https://h.example:0/                 | its port is not a number from 1 to 65535
          https://h.example:65536/             | its port is not a number from 1 to 65535
          https://h.example:99999999999999/    | its port is not a number from 1 to 65535
          https://h.example:-1/                | its port is not a number from 1 to 65535
          https://h.example:8o/                | its port is not a number from 1 to 65535
          https://h.example:80:80/             | its port is not a number from 1 to 65535
          https://::1/                         | it has no host
          https://h.example/a b                | it holds a space
          'https://h.example/a '               | it holds a space
          https://good.example\\@evil.example/ | it holds a backslash
          https://h.example/a\\b               | it holds a backslash
          https://h.example/%zz                | a percent sign in it is not followed by two hex digits
          https://h.example/%4                 | a percent sign in it is not followed by two hex digits
          https://h%2eexample/                 | its host holds a character that no host name has
          https://h example/                   | its host holds a character that no host name has
          https://a..b/                        | a part of its host is empty or too long
          https://.a/                          | a part of its host is empty or too long
          https://-a.example/                  | a part of its host begins or ends with a hyphen
          https://1.2.3.4.5/                   | its host ends like an IPv4 address and is none
          https://256.1.1.1/                   | its host ends like an IPv4 address and is none
          https://h.0x/                        | its host ends like an IPv4 address and is none
          https://[fe80::1%25eth0]/            | its address has a zone
          https://[fe80::1%eth0]/              | its address has a zone
          https://[::1/                        | its address has no closing bracket
          https://[::1]x/                      | something stands between its address and its port
          https://[127.0.0.1]/                 | what stands in brackets is not an IPv6 address
          https://[h.example]/                 | what stands in brackets is not an IPv6 address
          https://[]/                          | what stands in brackets is not an IPv6 address
          https://аpple.example/               | its host mixes scripts in one word
          https://faß.example/                 | its host has characters that look like others
          https://ｇｏ.example/                | its host has characters that look like others
          https://１２７.0.0.1/                | its host has characters that look like others
          https://h。example/                  | its host holds a character that no host name has
          https://h⁄x.example/                 | its host holds a character that no host name has
          """)
  void refusesWhatIsNotAClearUrl(String url, String why) {
    assertThatThrownBy(() -> TargetUrl.parse(url)).isInstanceOf(Unfit.class).hasMessage(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://h.example/a\r\nx: y",
        "https://h.example/\0",
        "https://h.example/\t",
        "https://h.example/\u007f",
        "https://h.example/\u0085",
        "https://h.example/\ufffd",
        "https://h.example/\ud800",
        "https://h\r\n.example/",
        "https://h\u200b.example/",
        "https://h.example:80\n/"
      })
  void refusesControlCharactersAnywhere(String url) {
    assertThatThrownBy(() -> TargetUrl.parse(url)).isInstanceOf(Unfit.class);
  }

  @Test
  void refusesWhatIsTooLong() {
    var path = "a".repeat(TargetUrl.LONGEST);

    assertThatThrownBy(() -> TargetUrl.parse("https://h.example/" + path))
        .hasMessage("it is longer than 8192 characters");
    assertThatThrownBy(() -> TargetUrl.parse("https://h.example/" + "ä".repeat(3000)))
        .hasMessage("it is longer than 8192 characters");
    assertThatThrownBy(() -> TargetUrl.parse("https://" + "a.".repeat(200) + "example/"))
        .hasMessage("its host is too long");
  }

  /// Whatever a stranger writes is either refused or safe to put on a request line.
  @Test
  void whatComesOutIsPlainAndStaysTheSame() {
    var random = new Random(7);
    var alphabet = "aZ0.:/?#@[]%\\ -_~ä\u0430\r\n\0\ud83d\ude00例<>{}2eEfF1";
    for (int i = 0; i < 50_000; i++) {
      var text = new StringBuilder(random.nextBoolean() ? "https://h.example" : "http://");
      for (int n = random.nextInt(20); n > 0; n--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        var target = TargetUrl.parse(text.toString());
        assertThat(target.url()).matches("https?://[a-z0-9._:\\[\\]-]+/[!-~]*").doesNotContain("#");
        assertThat(TargetUrl.parse(target.url())).isEqualTo(target);
      } catch (Unfit refused) {
        assertThat(refused.why()).isNotEmpty();
      }
    }
  }
}
