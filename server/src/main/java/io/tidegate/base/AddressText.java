package io.tidegate.base;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/// IP addresses as texts, in every form that some program takes for one: `127.0.0.1` is also
/// `0177.1`, `0x7f000001` and `2130706433`. No name is ever looked up here.
public final class AddressText {
  private static final int PARTS = 4;

  private AddressText() {}

  /// The address that `host` means by itself, without a resolver.
  ///
  /// @param host IPv6 with or without brackets; a zone makes it no address
  public static Optional<InetAddress> parse(String host) {
    return host.indexOf(':') >= 0 ? v6(host) : v4(host);
  }

  /// Whether a host is meant as an IPv4 address, well written or not: its last label is a number.
  /// Such a host is never a name (URL Standard, 3.5).
  public static boolean isNumeric(String host) {
    var text = withoutDot(host);
    var last = text.substring(text.lastIndexOf('.') + 1);
    return !last.isEmpty()
        && (last.chars().allMatch(AddressText::isDigit)
            || (hex(last) && last.chars().skip(2).allMatch(AddressText::isHexDigit)));
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isHexDigit(int c) {
    return c < 0x80 && Character.digit(c, 16) >= 0;
  }

  private static boolean hex(String part) {
    return part.startsWith("0x") || part.startsWith("0X");
  }

  private static String withoutDot(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  /// As the URL Standard reads it, which is as `inet_aton` does.
  private static Optional<InetAddress> v4(String host) {
    var parts = withoutDot(host).split("\\.", -1);
    if (parts.length > PARTS) {
      return Optional.empty();
    }
    long address = 0;
    for (int i = 0; i < parts.length; i++) {
      long number = number(parts[i]);
      int bits = i < parts.length - 1 ? 8 : 8 * (PARTS - i);
      if (number < 0 || number >= 1L << bits) {
        return Optional.empty();
      }
      address = address << bits | number;
    }
    return Optional.of(
        of(
            new byte[] {
              (byte) (address >> 24), (byte) (address >> 16), (byte) (address >> 8), (byte) address
            }));
  }

  /// Decimal, octal or hexadecimal; -1 when it is none of them.
  private static long number(String part) {
    if (part.isEmpty() || part.length() > 16) {
      return -1;
    }
    if (part.length() == 2 && hex(part)) {
      return 0;
    }
    int radix = hex(part) ? 16 : part.length() > 1 && part.charAt(0) == '0' ? 8 : 10;
    long number = 0;
    for (int i = radix == 16 ? 2 : 0; i < part.length(); i++) {
      char c = part.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, radix) : -1;
      if (digit < 0 || number > 1L << 40) {
        return -1;
      }
      number = number * radix + digit;
    }
    return number;
  }

  private static Optional<InetAddress> v6(String host) {
    var text =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    if (text.indexOf('%') >= 0 || text.indexOf('[') >= 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(Inet6Address.ofLiteral(text));
    } catch (IllegalArgumentException noAddress) {
      return Optional.empty();
    }
  }

  /// @param bytes four or sixteen
  static InetAddress of(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException wrongLength) {
      throw new IllegalArgumentException(wrongLength);
    }
  }
}
