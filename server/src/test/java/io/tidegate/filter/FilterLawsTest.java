package io.tidegate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What must hold for every filter and every document, tried on many of both.
class FilterLawsTest {
  private static final int ROUNDS = 3000;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 5);
  }

  /// The verdicts of one filter about many documents.
  private static List<Verdict> verdicts(String filter, List<Document> documents) {
    var compiled = Filter.compile(filter).orThrow();
    return documents.stream().map(compiled::test).toList();
  }

  private static List<Document> documents(RandomJson json) {
    var documents = new ArrayList<Document>();
    documents.add(Document.parse("no json"));
    for (var i = 0; i < 12; i++) {
      documents.add(Document.parse(json.document(3)));
    }
    return documents;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void notTwiceIsNothing(long seed) {
    var json = new RandomJson(new SplittableRandom(seed));
    for (var round = 0; round < ROUNDS; round++) {
      var filter = json.filter(2);
      var documents = documents(json);

      var twice = verdicts("{\"$not\":{\"$not\":%s}}".formatted(filter), documents);

      assertThat(twice).as(filter).isEqualTo(verdicts(filter, documents));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void notTurnsEveryVerdictAround(long seed) {
    var json = new RandomJson(new SplittableRandom(seed));
    for (var round = 0; round < ROUNDS; round++) {
      var filter = json.filter(2);
      var documents = documents(json);

      var denied = verdicts("{\"$not\":%s}".formatted(filter), documents);

      assertThat(denied)
          .as(filter)
          .isEqualTo(verdicts(filter, documents).stream().map(Verdict::negated).toList());
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void keepsDeMorgansLaws(long seed) {
    var json = new RandomJson(new SplittableRandom(seed));
    for (var round = 0; round < ROUNDS; round++) {
      var one = json.filter(1);
      var other = json.filter(2);
      var documents = documents(json);
      var neither = "{\"$not\":{\"$or\":[%s,%s]}}".formatted(one, other);
      var both = "{\"$not\":{\"$and\":[%s,%s]}}".formatted(one, other);

      assertThat(verdicts(neither, documents))
          .as(neither)
          .isEqualTo(
              verdicts("{\"$and\":[{\"$not\":%s},{\"$not\":%s}]}".formatted(one, other), documents))
          .isEqualTo(verdicts("{\"$nor\":[%s,%s]}".formatted(one, other), documents));
      assertThat(verdicts(both, documents))
          .as(both)
          .isEqualTo(
              verdicts("{\"$or\":[{\"$not\":%s},{\"$not\":%s}]}".formatted(one, other), documents));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void doesNotCareAboutOrder(long seed) {
    var json = new RandomJson(new SplittableRandom(seed));
    for (var round = 0; round < ROUNDS; round++) {
      var one = json.filter(2);
      var other = json.filter(2);
      var documents = documents(json);

      for (var form :
          List.of("{\"$and\":[%s,%s]}", "{\"$or\":[%s,%s]}", "{\"$nor\":[%s,%s]}", "[%s,%s]")) {
        assertThat(verdicts(form.formatted(one, other), documents))
            .as(form.formatted(one, other))
            .isEqualTo(verdicts(form.formatted(other, one), documents));
      }
      assertThat(verdicts("{\"x\":%s,\"a\":%s}".formatted(one, other), documents))
          .isEqualTo(verdicts("{\"a\":%s,\"x\":%s}".formatted(other, one), documents));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void negativeOperatorsAreTheOppositeOfPositiveOnes(long seed) {
    var json = new RandomJson(new SplittableRandom(seed));
    for (var round = 0; round < ROUNDS; round++) {
      var scalar = json.document(0);
      var documents = documents(json);

      assertThat(verdicts("{\"a\":{\"$neq\":%s}}".formatted(scalar), documents))
          .isEqualTo(verdicts("{\"a\":{\"$not\":{\"$eq\":%s}}}".formatted(scalar), documents))
          .isEqualTo(verdicts("{\"a\":{\"$nin\":[%s]}}".formatted(scalar), documents))
          .isEqualTo(verdicts("{\"a\":{\"$not\":%s}}".formatted(scalar), documents));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void explanationsAgreeWithTheVerdictAndAreBounded(long seed) {
    var json = new RandomJson(new SplittableRandom(seed));
    for (var round = 0; round < ROUNDS / 4; round++) {
      var filter = Filter.compile(json.filter(4)).orThrow();
      var document = Document.parse(json.document(4));

      var explanation = filter.explain(document);

      assertThat(explanation.verdict()).isEqualTo(filter.test(document));
      assertThat(explanation.text().lines().count()).isLessThan(400);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void compilesOrFindsFaultsAndNeverThrows(long seed) {
    var random = new SplittableRandom(seed);
    var json = new RandomJson(random);
    var document = Document.parse(json.document(5));
    var compiled = 0;
    for (var round = 0; round < ROUNDS * 3; round++) {
      var text = damaged(json.sketch(4), random);
      switch (Filter.compile(text)) {
        case Compilation.Refused(var faults) -> assertThat(faults).as(text).isNotEmpty();
        case Compilation.Compiled(var filter) -> {
          compiled++;
          assertThat(filter.explain(document).verdict()).as(text).isEqualTo(filter.test(document));
        }
      }
    }
    assertThat(compiled).isGreaterThan(100);
  }

  /// One time in three a character is lost, doubled or another.
  private static String damaged(String text, SplittableRandom random) {
    if (text.isEmpty() || random.nextInt(3) > 0) {
      return text;
    }
    var at = random.nextInt(text.length());
    var piece = List.of("", text.substring(at, at + 1).repeat(2), "\"", "\\", "9", "\ud800", "é");
    return text.substring(0, at) + piece.get(random.nextInt(7)) + text.substring(at + 1);
  }
}
