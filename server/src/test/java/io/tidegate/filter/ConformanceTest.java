package io.tidegate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The tables in `src/test/resources/filter`: a document, a filter, what comes of it.
class ConformanceTest {

  record Row(String document, String filter, String expected, String reference, String difference) {
    String actual() {
      return switch (Filter.compile(filter)) {
        case Compilation.Refused _ -> "rejected";
        case Compilation.Compiled(var filter) ->
            switch (filter.test(Document.parse(document))) {
              case PASSED -> "true";
              case FAILED -> "false";
              case UNDECIDED -> "undecided";
            };
      };
    }
  }

  static Stream<Row> conformance() {
    return rows("conformance.txt");
  }

  static Stream<Row> reference() {
    return rows("reference.txt");
  }

  static Stream<Row> agreement() {
    return rows("agreement.txt");
  }

  static Stream<Row> operators() {
    return rows("operators.txt");
  }

  static Stream<Row> everything() {
    return Stream.of(conformance(), reference(), agreement(), operators()).flatMap(rows -> rows);
  }

  @ParameterizedTest
  @MethodSource("everything")
  void answersAsTheTableSays(Row row) {
    assertThat(row.actual()).isEqualTo(row.expected());
  }

  @ParameterizedTest
  @MethodSource("everything")
  void explainsWithTheSameVerdict(Row row) {
    if (Filter.compile(row.filter()) instanceof Compilation.Compiled(var filter)) {
      var document = Document.parse(row.document());

      var explanation = filter.explain(document);

      assertThat(explanation.verdict()).isEqualTo(filter.test(document));
    }
  }

  static Stream<Row> differences() {
    return Stream.of(conformance(), reference())
        .flatMap(rows -> rows)
        .filter(row -> !row.reference().equals("-") && !row.reference().equals(row.expected()));
  }

  @ParameterizedTest
  @MethodSource("differences")
  void differsFromTheReferenceOnlyWhereTheGuideSaysSo(Row row) throws IOException {
    var guide = Files.readString(Path.of("../docs/filters.md"));

    assertThat(guide).contains("| " + row.difference() + " |");
  }

  static Stream<List<String>> refusals() {
    return lines("refusals.txt");
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusesWithPlaceExpectationAndGuess(List<String> row) {
    var compilation = Filter.compile(row.getFirst());

    assertThat(compilation).isInstanceOf(Compilation.Refused.class);
    assertThat(((Compilation.Refused) compilation).faults())
        .extracting(Fault::message)
        .containsExactly(row.get(1));
  }

  private static Stream<Row> rows(String file) {
    return lines(file)
        .map(row -> new Row(row.get(0), row.get(1), row.get(2), column(row, 3), column(row, 4)));
  }

  private static String column(List<String> row, int column) {
    return column < row.size() ? row.get(column) : "-";
  }

  private static Stream<List<String>> lines(String file) {
    try (var table = ConformanceTest.class.getResourceAsStream("/filter/" + file)) {
      var text = new String(table.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> Arrays.asList(line.split(" \\| ")));
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }
}
