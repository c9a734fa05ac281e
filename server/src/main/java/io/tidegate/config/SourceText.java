package io.tidegate.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The text of a file with every `${{env.NAME}}` replaced, and the way back from its lines to the
/// lines that were written (a variable may hold several).
///
/// Lines that are nothing but a comment are left alone.
final class SourceText {
  private static final Pattern LINE_END = Pattern.compile("\\r\\n|\\r|\\n");
  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{([^{}\\n]*)}}");
  private static final Pattern ENV = Pattern.compile("\\s*env\\.([^\\s.}][^\\s}]*)\\s*");
  private static final String EXPECTED = "${{env.NAME}}";

  private final StringBuilder text = new StringBuilder();
  private final List<Integer> lines = new ArrayList<>();
  private final String file;
  private final Function<String, @Nullable String> env;
  private final Faults faults;

  SourceText(String file, String raw, Function<String, @Nullable String> env, Faults faults) {
    this.file = file;
    this.env = env;
    this.faults = faults;
    var written = LINE_END.split(raw, -1);
    for (var i = 0; i < written.length; i++) {
      append(written[i], i + 1);
    }
  }

  String text() {
    return text.toString();
  }

  /// The line in the file that became line `parsed` (from one) of the replaced text.
  int line(int parsed) {
    return lines.isEmpty() ? 1 : lines.get(Math.clamp(parsed - 1L, 0, lines.size() - 1));
  }

  private void append(String written, int line) {
    var replaced = written.stripLeading().startsWith("#") ? written : replace(written, line);
    text.append(replaced).append('\n');
    lines.addAll(Collections.nCopies(LINE_END.split(replaced, -1).length, line));
  }

  private String replace(String written, int line) {
    var matcher = EXPRESSION.matcher(written);
    var replaced = new StringBuilder();
    var rest = 0;
    while (matcher.find()) {
      checkClosed(written.substring(rest, matcher.start()), line, rest);
      replaced.append(written, rest, matcher.start());
      replaced.append(value(matcher.group(1), line, matcher.start() + 1));
      rest = matcher.end();
    }
    checkClosed(written.substring(rest), line, rest);
    return replaced.append(written.substring(rest)).toString();
  }

  private String value(String expression, int line, int column) {
    var matcher = ENV.matcher(expression);
    var place = new Place(file, line, column, "");
    if (!matcher.matches()) {
      var problem = "unknown expression " + Fault.quote("${{" + expression + "}}");
      faults.add(Fault.of(place, problem, EXPECTED));
      return "";
    }
    var name = matcher.group(1);
    var value = env.apply(name);
    if (value == null) {
      var problem = "environment variable " + Fault.quote(name) + " is not set";
      faults.warn(Fault.of(place, problem + ", an empty text takes its place"));
      return "";
    }
    return value;
  }

  private void checkClosed(String between, int line, int offset) {
    var open = between.indexOf("${{");
    if (open >= 0) {
      var place = new Place(file, line, offset + open + 1, "");
      faults.add(Fault.of(place, "'${{' is not closed", EXPECTED));
    }
  }
}
