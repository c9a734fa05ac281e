package io.tidegate.http;

import io.tidegate.base.AddressText;
import io.tidegate.http.TargetUrl.Unfit;
import java.lang.Character.UnicodeScript;
import java.net.IDN;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The host of a URL, in normal form. Asks no name server.
final class HostText {
  private static final int LONGEST = 253;
  private static final int LONGEST_LABEL = 63;

  /// Letters that the older and the newer rules of international names read differently.
  private static final String AMBIGUOUS = "ß\u1e9eς\u200c\u200d";

  /// Scripts that are written together in one word.
  private static final List<Set<UnicodeScript>> TOGETHER =
      List.of(
          EnumSet.of(
              UnicodeScript.LATIN,
              UnicodeScript.HAN,
              UnicodeScript.HIRAGANA,
              UnicodeScript.KATAKANA),
          EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.BOPOMOFO),
          EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.HANGUL));

  private HostText() {}

  /// What stood between brackets.
  ///
  /// @param rest how many characters stood between the closing bracket and the port
  static String address(String text, int rest) {
    if (rest != 0) {
      throw new Unfit("something stands between its address and its port");
    }
    if (text.indexOf('%') >= 0) {
      throw new Unfit("its address has a zone");
    }
    var address =
        AddressText.parse(text)
            .filter(_ -> text.indexOf(':') >= 0)
            .orElseThrow(() -> new Unfit("what stands in brackets is not an IPv6 address"));
    return address instanceof Inet6Address six
        ? shortest(six.getAddress())
        : address.getHostAddress();
  }

  /// RFC 5952: the first of the longest runs of zeros is left out.
  private static String shortest(byte[] address) {
    var groups = new int[8];
    int from = -1;
    int longest = 1;
    int run = 0;
    for (int i = 0; i < groups.length; i++) {
      groups[i] = ((address[2 * i] & 255) << 8) | (address[2 * i + 1] & 255);
      run = groups[i] == 0 ? run + 1 : 0;
      if (run > longest) {
        longest = run;
        from = i - run + 1;
      }
    }
    var out = new StringBuilder();
    for (int i = 0; i < groups.length; i++) {
      if (i == from) {
        out.append("::");
        i += longest - 1;
      } else {
        out.append(out.isEmpty() || out.charAt(out.length() - 1) == ':' ? "" : ":");
        out.append(Integer.toHexString(groups[i]));
      }
    }
    return out.toString();
  }

  static String name(String text) {
    var ascii = isAscii(text) ? text : international(text);
    var host = ascii.toLowerCase(Locale.ROOT);
    if (host.endsWith(".")) {
      host = host.substring(0, host.length() - 1);
    }
    if (host.isEmpty()) {
      throw new Unfit("it has no host");
    }
    if (host.length() > LONGEST) {
      throw new Unfit("its host is too long");
    }
    for (var label : host.split("\\.", -1)) {
      check(label);
    }
    return AddressText.isNumeric(host) ? four(host) : host;
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 128);
  }

  private static void check(String label) {
    if (label.isEmpty() || label.length() > LONGEST_LABEL) {
      throw new Unfit("a part of its host is empty or too long");
    }
    for (int i = 0; i < label.length(); i++) {
      char c = label.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (!letter && c != '-' && c != '_') {
        throw new Unfit("its host holds a character that no host name has");
      }
    }
    if (label.startsWith("-") || label.endsWith("-")) {
      throw new Unfit("a part of its host begins or ends with a hyphen");
    }
  }

  /// Whoever resolves such a name takes it for an address.
  private static String four(String text) {
    return AddressText.parse(text)
        .map(InetAddress::getHostAddress)
        .orElseThrow(() -> new Unfit("its host ends like an IPv4 address and is none"));
  }

  private static String international(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    var looksLikeAnother =
        !Normalizer.isNormalized(lower, Normalizer.Form.NFKC)
            || lower.chars().anyMatch(c -> AMBIGUOUS.indexOf(c) >= 0 || c == 0xfffd);
    if (looksLikeAnother) {
      throw new Unfit("its host has characters that look like others");
    }
    for (var label : lower.split("\\.", -1)) {
      requireOneScript(label);
    }
    try {
      return IDN.toASCII(lower, IDN.USE_STD3_ASCII_RULES);
    } catch (IllegalArgumentException notAName) {
      throw new Unfit("its host is not an international name");
    }
  }

  private static void requireOneScript(String label) {
    var scripts = EnumSet.noneOf(UnicodeScript.class);
    label
        .codePoints()
        .forEach(c -> {
          if (!isOfNames(c)) {
            throw new Unfit("its host holds a character that no host name has");
          }
          scripts.add(UnicodeScript.of(c));
        });
    scripts.remove(UnicodeScript.COMMON);
    scripts.remove(UnicodeScript.INHERITED);
    if (scripts.size() > 1 && TOGETHER.stream().noneMatch(set -> set.containsAll(scripts))) {
      throw new Unfit("its host mixes scripts in one word");
    }
  }

  private static boolean isOfNames(int c) {
    int type = Character.getType(c);
    return Character.isLetterOrDigit(c)
        || c == '-'
        || type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK;
  }
}
