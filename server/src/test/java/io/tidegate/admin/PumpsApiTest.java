package io.tidegate.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.base.Secret;
import io.tidegate.delivery.CourierView;
import io.tidegate.delivery.CourierView.LaneState;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.log.RecordLog.LogUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PumpsApiTest {
  private static final String KEY = "https://hooks.shop.example/in?x=1+1";
  private static final String ENCODED = "https%3A%2F%2Fhooks.shop.example%2Fin%3Fx%3D1+1";
  private static final String LANE = "/api/v1/pumps/example:hooks/lanes/" + ENCODED;

  private final Desk desk = new Desk();
  private final ApiRouter api =
      new ApiRouter(
          new OperatorGate(new Secret("key"), Set.of()),
          Optional::empty,
          () -> List.of(desk),
          Runnable::run);

  @Test
  void listsPumpsWithWhatTheyOwe() {
    desk.lanes.add(lane(KEY, LaneState.WAITING));

    assertThat(ask("GET", "/api/v1/pumps").body().utf8())
        .isEqualTo(
            "{\"models\":[{\"name\":\"example:hooks\",\"group\":\"g\",\"partitions\":1,\"lanes\":"
                + "{\"sending\":0,\"ready\":0,\"waiting\":1,\"blocked\":0,\"behind\":0},"
                + "\"lag\":7,\"in_flight\":2,\"oldest_seconds\":3.5,\"trouble\":\"no broker\"}]}");
  }

  @Test
  void showsPartitionsAndBrokenReceiversOfOne() {
    var shown = ask("GET", "/api/v1/pumps/example%3Ahooks").body().utf8();

    assertThat(shown)
        .contains(
            "\"owned_partitions\":[{\"topic\":\"out\",\"partition\":0,\"committed\":4,\"read\":9,"
                + "\"owed\":3,\"unread\":4}]")
        .contains("\"receivers\":{\"closed\":5,\"open\":1}")
        .contains(
            "\"broken\":[{\"authority\":\"dead.example\",\"probing\":false,\"failures\":12,"
                + "\"waiting\":40,\"pause_seconds\":10.0}]");
  }

  @Test
  void saysNothingOfALagThatIsNotKnown() {
    desk.unread = OptionalLong.empty();
    desk.lag = OptionalLong.empty();

    assertThat(ask("GET", "/api/v1/pumps/example%3Ahooks").body().utf8())
        .contains("\"lag\":null")
        .contains("\"unread\":null");
  }

  @Test
  void listsLanesByState() {
    desk.lanes.add(lane("a", LaneState.WAITING));
    desk.lanes.add(lane("b", LaneState.BLOCKED));

    var blocked = ask("GET", "/api/v1/pumps/example:hooks/lanes?state=blocked&limit=5");

    assertThat(blocked.body().utf8())
        .isEqualTo(
            "{\"models\":[{\"key\":\"b\",\"state\":\"blocked\",\"topic\":\"out\",\"partition\":0,"
                + "\"position\":17,\"authority\":\"hooks.shop.example\",\"age_seconds\":1.0,"
                + "\"pending\":3,\"more\":true,\"attempts\":4,"
                + "\"next_attempt\":\"2030-01-31T12:00:00Z\",\"last\":\"5xx\",\"gone\":false}]}");
    assertThat(desk.asked).isEqualTo("limit 5");
  }

  @Test
  void findsALaneByItsKeyAsItIs() {
    desk.lanes.add(lane(KEY, LaneState.WAITING));

    assertThat(ask("GET", LANE).body().utf8()).contains("\"position\":17");
    assertThat(ask("GET", LANE + "2").status()).isEqualTo(404);
  }

  @Test
  void triesALaneAtOnce() {
    desk.lanes.add(lane(KEY, LaneState.WAITING));

    assertThat(ask("POST", LANE + "/retry").status()).isEqualTo(200);
    assertThat(desk.asked).isEqualTo("retry " + KEY);
    desk.takes = false;
    assertThat(ask("POST", LANE + "/retry").body().utf8()).contains("nothing_waits");
  }

  @Test
  void unblocksOnlyWhatIsBlocked() {
    desk.lanes.add(lane(KEY, LaneState.WAITING));

    assertThat(ask("POST", LANE + "/unblock").status()).isEqualTo(409);
    desk.lanes.set(0, lane(KEY, LaneState.BLOCKED));
    assertThat(ask("POST", LANE + "/unblock").status()).isEqualTo(200);
    assertThat(desk.asked).isEqualTo("retry " + KEY);
  }

  @Test
  void skipsTheOldestRecordUnlessItIsJustBeingSent() {
    desk.lanes.add(lane(KEY, LaneState.BLOCKED));

    assertThat(ask("POST", LANE + "/skip").status()).isEqualTo(200);
    assertThat(desk.asked).isEqualTo("skip " + KEY);
    desk.takes = false;
    assertThat(ask("POST", LANE + "/skip").body().utf8()).contains("in_flight");
    desk.isAway = true;
    assertThat(ask("POST", LANE + "/skip").status()).isEqualTo(503);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,  /api/v1/pumps/other, 404",
    "GET,  /api/v1/pumps/example:hooks/lanes?state=wating, 400",
    "GET,  /api/v1/pumps/example:hooks/lanes?limit=0, 400",
    "GET,  /api/v1/pumps/example:hooks/lanes/%zz, 400",
    "POST, /api/v1/pumps/example:hooks/lanes/x/retry, 404",
  })
  void saysWhatIsWrong(String method, String target, int status) {
    assertThat(ask(method, target).status()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "POST,   /api/v1/pumps, method_not_allowed",
    "GET,    /api/v1/pumps/example:hooks/lanes/x/skip, method_not_allowed",
    "DELETE, /api/v1/pumps/example:hooks, method_not_allowed",
    "POST,   /api/v1/pumps/example:hooks/lanes/x/drop, not_found",
    "GET,    /api/v1/pumpsx, not_found",
    "GET,    /api/v1/pumps/example:hooks/lane, not_found",
  })
  void refusesByTheHeadAlone(String method, String target, String code) {
    assertThatThrownBy(() -> ask(method, target))
        .isInstanceOf(Problem.Refusal.class)
        .hasMessage(code);
  }

  private Reply ask(String method, String target) {
    return Caller.ask(api, Caller.request(method, target, "", Caller.bearer("key")));
  }

  private static CourierView.Lane lane(String key, LaneState state) {
    return new CourierView.Lane(
        "out",
        0,
        key,
        "hooks.shop.example",
        state,
        17,
        Optional.of(Duration.ofSeconds(1)),
        3,
        true,
        4,
        Optional.of(Instant.parse("2030-01-31T12:00:00Z")),
        "5xx",
        false);
  }

  /// A pump that does what it is told.
  private static final class Desk implements PumpDesk {
    final List<CourierView.Lane> lanes = new ArrayList<>();
    String asked = "";
    boolean takes = true;
    boolean isAway;
    OptionalLong unread = OptionalLong.of(4);
    OptionalLong lag = OptionalLong.of(7);

    @Override
    public CourierView view() {
      var counts = new EnumMap<LaneState, Integer>(LaneState.class);
      lanes.forEach(lane -> counts.merge(lane.state(), 1, Integer::sum));
      return new CourierView(
          "example:hooks",
          "g",
          List.of(new CourierView.OwnedPartition("out", 0, 4, 9, 3, unread)),
          counts,
          Optional.of(Duration.ofMillis(3500)),
          lag,
          2,
          new java.util.TreeMap<>(Map.of("closed", 5, "open", 1)),
          List.of(new CourierView.Broken("dead.example", false, 12, 40, Duration.ofSeconds(10))),
          Optional.of("no broker"));
    }

    @Override
    public List<CourierView.Lane> lanes(Optional<LaneState> state, int limit) {
      asked = "limit " + limit;
      return lanes.stream()
          .filter(lane -> state.isEmpty() || lane.state() == state.get())
          .limit(limit)
          .toList();
    }

    @Override
    public List<CourierView.Lane> lane(String key) {
      return lanes.stream().filter(lane -> lane.key().equals(key)).toList();
    }

    @Override
    public boolean retry(String key) {
      asked = "retry " + key;
      return takes;
    }

    @Override
    public boolean skip(String key) {
      if (isAway) {
        throw new LogUnavailable("away", new IllegalStateException());
      }
      asked = "skip " + key;
      return takes;
    }
  }
}
