package io.tidegate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import java.time.Duration;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/// Everything a stranger can send is bounded: filters and documents.
class FilterBoundsTest {

  private static String fault(String filter) {
    return switch (Filter.compile(filter)) {
      case Compilation.Compiled _ -> "none";
      case Compilation.Refused(var faults) -> faults.getFirst().message();
    };
  }

  private static String nested(int levels, String inside) {
    return "{\"a\":".repeat(levels) + inside + "}".repeat(levels);
  }

  private static String repeated(String piece, int times) {
    return String.join(",", Collections.nCopies(times, piece));
  }

  @Test
  void takesFiltersUpToTheirBounds() {
    assertThat(fault(nested(16, "1"))).isEqualTo("none");
    assertThat(fault("{\"a\":{\"$in\":[%s]}}".formatted(repeated("1", 1000)))).isEqualTo("none");
    assertThat(fault("{\"$or\":[%s]}".formatted(repeated("1", 254)))).isEqualTo("none");
    assertThat(fault("{\"a\":\"%s\"}".formatted("x".repeat(4096)))).isEqualTo("none");
  }

  @Test
  void refusesFiltersBeyondThem() {
    assertThat(fault(nested(17, "1"))).contains("nesting of at most 16");
    assertThat(fault(nested(60, "1"))).contains("nesting of at most 16");
    assertThat(fault(nested(5000, "1"))).contains("deeper than 64");
    assertThat(fault("{\"a\":{\"$in\":[%s]}}".formatted(repeated("1", 1001))))
        .isEqualTo("/a/$in: expected at most 1000 values, found an array of 1001");
    assertThat(fault("{\"$or\":[%s]}".formatted(repeated("1", 300))))
        .isEqualTo("the filter: expected at most 256 conditions, found more");
    assertThat(fault("{\"a\":\"%s\"}".formatted("x".repeat(4097))))
        .contains("/a: expected a text of at most 4096 characters");
    assertThat(fault("{\"%s\":1}".formatted("x".repeat(257)))).contains("a name of at most 256");
    assertThat(fault("{\"a\":\"%s\"}".formatted("x".repeat(40_000)))).contains("32768 bytes");
    assertThat(fault("{\"a\":{\"$regex\":\"%s\"}}".formatted("x".repeat(513))))
        .contains("found one of 513 characters");
  }

  @Test
  void showsOnlyTheFirstFaultsAndOnlyShortOnes() {
    var members =
        IntStream.range(0, 200)
            .mapToObj(i -> "\"n%d\":{\"$%s\":1}".formatted(i, "x".repeat(100)))
            .collect(Collectors.joining(","));

    var refused = (Compilation.Refused) Filter.compile("{" + members + "}");

    assertThat(refused.faults()).hasSize(20);
    assertThat(refused.faults()).allMatch(fault -> fault.found().length() < 100);
  }

  @Test
  void readsDocumentsUpToTheirBounds() {
    assertThat(Document.parse(nested(128, "1")).fault()).isEmpty();
    assertThat(Document.parse(nested(129, "1")).fault()).contains("nested deeper than 128");
    assertThat(Document.parse("[".repeat(1_000_000)).fault()).isPresent();
    assertThat(Document.parse("[" + repeated("1", 600_000) + "]").fault())
        .contains("more than 500000 values");
    assertThat(Document.parse(Bytes.wrap(new byte[(16 << 20) + 1])).fault()).isPresent();
    assertThat(Document.parse("").fault()).contains("empty");
    assertThat(Document.parse(Bytes.wrap(new byte[] {'"', (byte) 0xff, '"'})).fault()).isPresent();
  }

  @Test
  void keepsNumbersThatAreTooLongApart() {
    var document = Document.parse("{\"a\":" + "9".repeat(100_000) + ",\"b\":1}");

    assertThat(Filter.compile("{\"b\":1}").orThrow().test(document)).isEqualTo(Verdict.PASSED);
    assertThat(Filter.compile("{\"a\":1}").orThrow().test(document)).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void givesUpUndecidedWhatWouldTakeTooLong() {
    var document =
        Document.parse("{\"a\":[%s],\"b\":\"x\"}".formatted(repeated("{\"c\":1}", 100_000)));
    var heavy = "{\"$and\":[%s]}".formatted(repeated("{\"a\":{\"c\":{\"$gt\":1}}}", 20));
    var filter = Filter.compile(heavy).orThrow();

    assertThat(filter.test(document)).isEqualTo(Verdict.FAILED);
    assertThat(Filter.compile(heavy.replace("$and", "$or")).orThrow().test(document))
        .isEqualTo(Verdict.UNDECIDED);
    assertThat(filter.explain(document).verdict()).isEqualTo(Verdict.FAILED);
    assertThat(Filter.compile(heavy.replace("$and", "$or")).orThrow().explain(document).reason())
        .contains("more than 1000000 steps");
  }

  @Test
  void comparesNestedValuesWithinItsSteps() {
    var big = "[" + repeated("{\"k\":[1,2,3]}", 2000) + "]";
    var document = Document.parse("{\"v\":[%s],\"b\":%s}".formatted(repeated(big, 10), big));
    var filter = Filter.compile("{\"v\":{\"$all\":{\"$neq\":{\"$ref\":\"b\"}}}}").orThrow();

    assertThat(filter.test(document)).isEqualTo(Verdict.FAILED);
  }

  @Test
  void searchesAndComparesHostileTextsInTime() {
    var text = "a".repeat(500_000);
    var document = Document.parse("{\"t\":\"%s\",\"p\":\"%sb\"}".formatted(text, text));
    var part = "a".repeat(4000) + "b";

    Assertions.assertThat(
            Duration.ofNanos(nanosOf("{\"t\":{\"$contains\":\"%s\"}}", part, document)))
        .isLessThan(Duration.ofSeconds(2));
    Assertions.assertThat(
            Duration.ofNanos(nanosOf("{\"p\":{\"$contains\":{\"$ref\":\"t\"}}}%s", "", document)))
        .isLessThan(Duration.ofSeconds(2));
  }

  private static long nanosOf(String form, String part, Document document) {
    var filter = Filter.compile(form.formatted(part)).orThrow();
    var started = System.nanoTime();
    filter.test(document);
    return System.nanoTime() - started;
  }

  @Test
  void matchesHostileRegularExpressionsInTimeOrNotAtAll() {
    var filter = Filter.compile("{\"t\":{\"$regex\":\"(a*)*(a*)*(a|aa)+$\"}}").orThrow();
    var hostile = Document.parse("{\"t\":\"%sb\"}".formatted("a".repeat(5_000)));
    var tooLong = Document.parse("{\"t\":\"%s\"}".formatted("a".repeat(70_000)));

    assertThat(filter.test(hostile)).isEqualTo(Verdict.FAILED);
    assertThat(filter.test(tooLong)).isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void findsNamesThatWereMadeToCollide() {
    var members =
        IntStream.range(0, 1 << 14)
            .mapToObj(FilterBoundsTest::colliding)
            .map(name -> "\"" + name + "\":\"" + name + "\"")
            .collect(Collectors.joining(","));
    var object = "{" + members + "}";
    var document = Document.parse("{\"x\":%s,\"y\":%s}".formatted(object, object));
    var name = colliding(12_345);

    assertThat(Filter.compile("{\"x\":{\"$ref\":\"y\"}}").orThrow().matches(document)).isTrue();
    assertThat(
            Filter.compile("{\"x\":{\"%s\":\"%s\"}}".formatted(name, name))
                .orThrow()
                .matches(document))
        .isTrue();
  }

  /// All of the same hash: "Aa" and "BB" are.
  private static String colliding(int number) {
    return IntStream.range(0, 14)
        .mapToObj(bit -> (number >> bit & 1) == 0 ? "Aa" : "BB")
        .collect(Collectors.joining());
  }
}
