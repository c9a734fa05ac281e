package io.tidegate.filter;

import java.util.List;

/// Why a document passed a filter or not: one condition, what it saw, and the conditions it is made
/// of. Short and safe to show: values are cut, probable secrets are masked, large arrays show a few
/// elements.
///
/// @param pointer a JSON pointer into the filter
/// @param at a path into the document; empty for the whole of it
/// @param condition the operator and its operand
/// @param seen the value at that path
/// @param reason more words, where there is more to say; or empty
public record Explanation(
    String pointer,
    String at,
    String condition,
    String seen,
    Verdict verdict,
    String reason,
    List<Explanation> parts) {
  public Explanation {
    parts = List.copyOf(parts);
  }

  /// For a terminal: a line for each condition, parts below what they belong to.
  public String text() {
    var lines = new StringBuilder();
    write(lines, 0);
    return lines.toString();
  }

  private void write(StringBuilder lines, int depth) {
    var mark =
        switch (verdict) {
          case PASSED -> "yes ";
          case FAILED -> "no  ";
          case UNDECIDED -> "?   ";
        };
    lines.append("  ".repeat(depth)).append(mark);
    lines.append(at.isEmpty() ? "the document" : at).append(' ').append(condition);
    lines.append(" · ").append(seen);
    lines.append(reason.isEmpty() ? "" : " · " + reason).append('\n');
    parts.forEach(part -> part.write(lines, depth + 1));
  }
}
