package io.tidegate.filter;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Optional;

/// Regular expressions of strangers: of the family that needs linear time, and small. Counted
/// repeats in one another would make a few characters into a program of gigabytes, so the size is
/// estimated before anything is compiled.
final class Regex {
  static final int LONGEST = 512;
  private static final long LARGEST = 2000;

  private final String text;
  private int at;

  private Regex(String text) {
    this.text = text;
  }

  /// Empty when it is fine; what is wrong otherwise.
  static Optional<String> fault(String text) {
    if (text.length() > LONGEST) {
      return Optional.of("one of " + text.length() + " characters");
    }
    if (new Regex(text).size() > LARGEST) {
      return Optional.of("one with too many repeats");
    }
    try {
      return Pattern.compile(text).programSize() > 2 * LARGEST
          ? Optional.of("one that is too large")
          : Optional.empty();
    } catch (PatternSyntaxException malformed) {
      return Optional.of("one with a fault: " + malformed.getDescription());
    }
  }

  /// About how many instructions it will have; too many rather than too few.
  private long size() {
    var sums = new ArrayDeque<Long>();
    var sum = 0L;
    while (at < text.length()) {
      var last = 1L;
      switch (text.charAt(at)) {
        case '(' -> {
          sums.push(sum);
          sum = 0;
          at++;
          continue;
        }
        case ')' -> {
          last = sum + 2;
          sum = sums.isEmpty() ? 0 : sums.pop();
          at++;
        }
        case '[' -> skipClass();
        case '\\' -> last = skipEscape();
        default -> at++;
      }
      sum = Math.min(sum + last * repeats(), Integer.MAX_VALUE);
    }
    return sums.stream().mapToLong(Long::longValue).sum() + sum;
  }

  /// `[^]a[:alpha:]\]]`: the first bracket belongs to it, as do escaped ones and named classes.
  private void skipClass() {
    at++;
    at += text.startsWith("^", at) ? 1 : 0;
    at += text.startsWith("]", at) ? 1 : 0;
    while (at < text.length() && text.charAt(at) != ']') {
      var named = text.startsWith("[:", at) ? text.indexOf(":]", at + 2) : -1;
      if (named >= 0) {
        at = named + 2;
      } else {
        at += text.charAt(at) == '\\' ? 2 : 1;
      }
    }
    at++;
  }

  private long skipEscape() {
    if (!text.startsWith("\\Q", at)) {
      at += 2;
      return 1;
    }
    var end = text.indexOf("\\E", at + 2);
    var length = (end < 0 ? text.length() : end) - at;
    at = end < 0 ? text.length() : end + 2;
    return length;
  }

  /// The greatest number of the repeats that follow, all of them multiplied; 1 when there are none.
  private long repeats() {
    var repeats = 1L;
    while (at < text.length() && "*+?{".indexOf(text.charAt(at)) >= 0) {
      if (text.charAt(at) != '{') {
        at++;
        continue;
      }
      var end = text.indexOf('}', at);
      var counts = end < 0 ? "" : text.substring(at + 1, end);
      if (!counts.matches("[0-9]{1,4}(,[0-9]{0,4})?")) {
        break;
      }
      var comma = counts.indexOf(',');
      var most = comma < 0 || comma == counts.length() - 1 ? 0 : counts.length() - comma - 1;
      var least = Long.parseLong(comma < 0 ? counts : counts.substring(0, comma));
      var greatest = most == 0 ? least + 1 : Long.parseLong(counts.substring(comma + 1));
      repeats = Math.min(repeats * Math.max(1, Math.max(least, greatest)), Integer.MAX_VALUE);
      at = end + 1;
    }
    return repeats;
  }
}
