package io.tidegate.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.log.Entry;
import io.tidegate.log.RecordLog.From;
import io.tidegate.model.Model;
import io.tidegate.model.ModelSpec;
import io.tidegate.plan.Pattern;
import io.tidegate.plan.TopicModel;
import io.tidegate.plan.TopicModel.Side;
import io.tidegate.view.Event;
import io.tidegate.view.Match;
import io.tidegate.view.TopicView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicModelsTest {
  private static final Model AVRO =
      Model.of(
          new ModelSpec.Avro(
              """
              {"type":"record","name":"Item","fields":[{"name":"greeting","type":"string"}]}\
              """,
              true));
  private static final Model SHORT =
      Model.of(new ModelSpec.Text(OptionalInt.of(1), OptionalInt.of(3), Optional.empty()));
  private static final Bytes STORED = Bytes.wrap(new byte[] {4, 'h', 'i'});

  private final Gateway gateway = new Gateway();
  private final List<String> skipped = new ArrayList<>();

  @BeforeEach
  void serve() {
    gateway
        .route("POST", "/items/{id}", Gateway.oneWay("items", Gateway.ID))
        .route("DELETE", "/items/{id}", Gateway.oneWay("items", Gateway.ID))
        .route("GET", "/items/{id}", Gateway.fetchOne("items", Gateway.ID))
        .route("GET", "/items", Gateway.fetchMany("items"))
        .route(
            null,
            "/asked",
            Gateway.produce(
                io.tidegate.plan.Template.text("items"),
                null,
                List.of(),
                List.of(),
                Gateway.replyTo("replies")))
        .route("POST", "/plain", Gateway.oneWay("plain", null));
    model(
        new TopicModel(
            "embedded", Pattern.of("items"), Side.WRITTEN, Optional.of(SHORT), Optional.of(AVRO)),
        new TopicModel(
            "embedded", Pattern.of("{any}ms"), Side.READ, Optional.of(SHORT), Optional.of(AVRO)));
  }

  private void model(TopicModel... models) {
    var _ = gateway.topics.model(List.of(models), skipped::add);
  }

  private void lies(String key, Bytes value) {
    gateway.cluster.topic("items").append(new Entry("items", Bytes.utf8(key), List.of(), value));
  }

  @Test
  void storesWhatTheModelMakesOfIt() {
    var caller = gateway.send("POST", "/items/1", "{\"greeting\":\"hi\"}");

    assertThat(caller.status()).isEqualTo(204);
    assertThat(gateway.cluster.last().value()).isEqualTo(STORED);
  }

  @Test
  void refusesAValueThatDoesNotFitAndSaysWhy() {
    var caller = gateway.send("POST", "/items/1", "{\"greeting\":5}");

    assertThat(caller.status()).isEqualTo(400);
    assertThat(caller.body())
        .contains("\"invalid_value\"", "/greeting is not a string")
        .doesNotContain("5}");
    assertThat(gateway.cluster.entries).isEmpty();
  }

  @Test
  void refusesAKeyThatDoesNotFit() {
    var caller = gateway.send("POST", "/items/long", "{\"greeting\":\"hi\"}");

    assertThat(caller.status()).isEqualTo(400);
    assertThat(caller.body()).contains("\"invalid_key\"");
  }

  @Test
  void judgesALargeValueToo() {
    var large = "{\"greeting\":\"" + "x".repeat(100_000) + "\"}";

    assertThat(gateway.send("POST", "/items/1", large).status()).isEqualTo(204);
    assertThat(gateway.send("POST", "/items/1", large + "}").status()).isEqualTo(400);
  }

  @Test
  void letsTombstonesAndTopicsWithoutAModelPass() {
    assertThat(gateway.send("DELETE", "/items/1", "").status()).isEqualTo(204);
    assertThat(gateway.send("POST", "/plain", "anything").status()).isEqualTo(204);
  }

  @Test
  void judgesARequestThatWaitsForItsReply() {
    var refused = gateway.send("POST", "/asked", "{}");
    var asked = gateway.send("POST", "/asked", "{\"greeting\":\"hi\"}");
    var _ = gateway.send("GET", "/asked", "");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(asked.isAnswered()).isFalse();
    assertThat(gateway.cluster.entries.getFirst().value()).isEqualTo(STORED);
  }

  @Test
  void showsWhatIsStoredInItsOutwardForm() {
    lies("1", STORED);

    assertThat(gateway.get("/items/1").body()).isEqualTo("{\"greeting\":\"hi\"}");
    assertThat(gateway.get("/items").body()).isEqualTo("[{\"greeting\":\"hi\"}]");
  }

  @Test
  void passesOverWhatDoesNotFitAndCountsIt() {
    lies("1", STORED);
    lies("2", Bytes.utf8("rubbish"));
    lies("long", STORED);

    assertThat(gateway.get("/items").body()).isEqualTo("[{\"greeting\":\"hi\"}]");
    assertThat(gateway.get("/items/2").status()).isEqualTo(404);
    assertThat(skipped).contains("items", "items", "items");
  }

  @Test
  void asksForAnotherForEachThatIsPassedOver() {
    lies("1", Bytes.utf8("rubbish"));
    lies("2", Bytes.utf8("rubbish"));
    lies("3", STORED);
    var seen = new ArrayList<String>();
    var views = new ArrayList<TopicView>();
    gateway.topics.view(io.tidegate.plan.Template.text("items"), "items", new Caller(), views::add);

    var follow =
        views
            .getFirst()
            .follow(
                Match.ALL,
                Map.of(),
                From.EARLIEST,
                new TopicView.Reader() {
                  @Override
                  public void records(List<Event> events) {
                    events.forEach(event -> seen.add(event.stored().value().utf8()));
                  }

                  @Override
                  public void ended(String cause) {}
                });
    follow.request(1);

    assertThat(seen).containsExactly("{\"greeting\":\"hi\"}");
  }

  @Test
  void forgetsArraysThatWereMadeWithOtherModels() {
    lies("1", STORED);
    assertThat(gateway.get("/items").body()).isEqualTo("[{\"greeting\":\"hi\"}]");

    model();

    assertThat(gateway.get("/items").body()).isEqualTo("[\"\\u0004hi\"]");
  }
}
