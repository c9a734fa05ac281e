package io.tidegate.filter;

import io.tidegate.base.Bytes;
import java.util.List;

/// Which documents are wanted, in the filter language of docs/filters.md. Compiled once; immutable,
/// for any number of threads.
///
/// Evaluation is bounded: it takes at most a fixed number of steps, whatever the document, and
/// gives up undecided beyond. So the answer is the same on every machine.
public final class Filter {
  static final JsonReader.Bounds BOUNDS = new JsonReader.Bounds(32 * 1024, 64, 20_000);

  private static final Filter EVERYTHING = compile("{}").orThrow();

  private final Bytes source;
  private final Condition root;
  private final boolean usesIndex;

  private Filter(Bytes source, Condition root, boolean usesIndex) {
    this.source = source;
    this.root = root;
    this.usesIndex = usesIndex;
  }

  /// The filter `{}`.
  public static Filter everything() {
    return EVERYTHING;
  }

  public static Compilation compile(String json) {
    return compile(Bytes.utf8(json));
  }

  /// @param json kept as it is: the caller does not change it any more
  public static Compilation compile(Bytes json) {
    var compiler = new Compiler(_ -> {});
    var root = compiler.compile(JsonReader.read(json, BOUNDS));
    var faults = compiler.faults();
    return faults.isEmpty()
        ? new Compilation.Compiled(new Filter(json, root, compiler.usesIndex()))
        : new Compilation.Refused(faults);
  }

  /// Whether the document certainly passes.
  public boolean matches(Document document) {
    return test(document) == Verdict.PASSED;
  }

  public Verdict test(Document document) {
    return root.test(document.root(), Evaluation.of(document.root(), usesIndex));
  }

  /// Why `test` says what it says: costs a thousand times as much.
  public Explanation explain(Document document) {
    var marks = new java.util.ArrayList<Mark>();
    var marked = new Compiler(marks::add).compile(JsonReader.read(source, BOUNDS));
    return new Explainer(List.copyOf(marks), document.root(), usesIndex).explain(marked);
  }

  /// The text it was compiled from.
  public Bytes source() {
    return source;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Filter that && source.equals(that.source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  @Override
  public String toString() {
    return source.utf8();
  }
}
