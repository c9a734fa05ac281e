package io.tidegate.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The request headers that a one-way route passes on as record headers: lower-case names, `*` for
/// any ending.
///
/// Credentials never travel: naming one is a fault, and no wildcard selects it.
public record HeaderSelection(List<String> patterns) {
  private static final Set<String> CREDENTIALS =
      Set.of("authorization", "cookie", "proxy-authorization");
  private static final Pattern NAME = Pattern.compile(":?[!#$%&'*+.^_`|~0-9a-z-]+");
  private static final Pattern SELECTED = Pattern.compile("[!#$%&'+.^_`|~0-9a-z-]*\\*?");

  /// The value of a header that is sent: text without control characters.
  static final Form<String> VALUE_FORM =
      Form.text(Pattern.compile("[\\x20-\\x7e\\x80-\\xff\\t]*"), "a text on one line");

  static final HeaderSelection NONE = new HeaderSelection(List.of());

  static final Form<String> NAME_FORM = Form.text(NAME, "a lower-case header name");

  static final Form<HeaderSelection> FORM =
      Form.of(
          "a list of header names",
          value ->
              new HeaderSelection(
                  Form.listOf(Form.of("a header name", HeaderSelection::one)).read(value)));

  public HeaderSelection {
    patterns = List.copyOf(patterns);
  }

  /// True when the header with this lower-case name is to be passed on.
  public boolean selects(String name) {
    return !CREDENTIALS.contains(name)
        && patterns.stream().anyMatch(pattern -> matches(pattern, name));
  }

  private static boolean matches(String pattern, String name) {
    return pattern.endsWith("*")
        ? name.startsWith(pattern.substring(0, pattern.length() - 1))
        : name.equals(pattern);
  }

  private static String one(Value value) {
    var name = value.scalar("a header name").orElse("x");
    if (CREDENTIALS.contains(name.toLowerCase(Locale.ROOT))) {
      value.fault(Fault.quote(name) + " holds credentials and is never passed on", "");
    } else if (name.isEmpty() || !SELECTED.matcher(name).matches()) {
      var lower = Optional.of(name.toLowerCase(Locale.ROOT)).filter(it -> !it.equals(name));
      value.fault(
          "found " + value.described(), "a lower-case header name, or its start and '*'", lower);
    }
    return name;
  }

  /// Notes a fault at `value` unless `name`, its key, can be the name of a header.
  static void checkName(String name, Value value) {
    if (!NAME.matcher(name).matches()) {
      var lower =
          Optional.of(name.toLowerCase(Locale.ROOT)).filter(it -> NAME.matcher(it).matches());
      value.fault(Fault.quote(name) + " is not a header name", "a lower-case name", lower);
    }
  }
}
