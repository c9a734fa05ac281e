package io.tidegate.admin;

import io.tidegate.http.Problem;
import io.tidegate.ledger.Listing;
import io.tidegate.ledger.Span;
import io.tidegate.ledger.Window;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// How questions about what happened are written, and pages of answers.
final class LedgerForm {
  private static final int LAST_YEAR = 9998;
  private static final int MOST_VALUES = 100;

  private LedgerForm() {}

  static Window window(OutboxCall call) {
    var query = call.request().query();
    var page = Page.read(query);
    if (!call.values("order_by").stream().allMatch("time"::equals)) {
      throw Problem.of(422, "invalid", "order_by: time was expected").refuse();
    }
    return new Window(
        page.limit(), page.ascending(), page.cursor().map(LedgerForm::cursor), page.backwards());
  }

  private static Window.Cursor cursor(Page.Cursor cursor) {
    try {
      return new Window.Cursor(cursor.at(), Long.parseLong(cursor.id()));
    } catch (NumberFormatException notOurs) {
      throw Problem.of(400, "malformed", "the cursor is none of ours").refuse();
    }
  }

  /// Values of a parameter that narrows what is wanted.
  static List<String> wanted(OutboxCall call, String name) {
    var values = call.values(name).stream().filter(value -> !value.isEmpty()).distinct().toList();
    if (values.size() > MOST_VALUES) {
      throw Problem.of(400, "malformed", name + ": at most " + MOST_VALUES + " values").refuse();
    }
    return values;
  }

  /// Words of a list, also with commas between them.
  static List<String> words(OutboxCall call, String name) {
    return call.values(name).stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /// `time[gte]`, `time[gt]`, `time[lte]`, `time[lt]`.
  static Span span(OutboxCall call) {
    var span = Span.ALL;
    for (var bound : List.of("gte", "gt", "lte", "lt")) {
      var text = call.values("time[" + bound + "]").stream().findFirst();
      if (text.isPresent()) {
        var at = moment("time[" + bound + "]", text.get()).toEpochMilli();
        span =
            switch (bound) {
              case "gte" -> span.after(at);
              case "gt" -> span.after(at + 1);
              case "lte" -> span.before(at + 1);
              default -> span.before(at);
            };
      }
    }
    return span;
  }

  static Instant moment(String name, String text) {
    return parsed(text)
        .orElseThrow(() ->
            Problem.of(
                    400,
                    "malformed",
                    name + ": a time such as 2027-01-31T12:00:00Z or 2027-01-31 was expected")
                .refuse());
  }

  static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static Optional<Instant> parsed(String text) {
    try {
      var time =
          text.indexOf('T') < 0
              ? LocalDate.parse(text).atStartOfDay().atOffset(ZoneOffset.UTC)
              : OffsetDateTime.parse(text);
      return Optional.of(time)
          .filter(each -> each.getYear() >= 0 && each.getYear() <= LAST_YEAR)
          .map(OffsetDateTime::toInstant);
    } catch (DateTimeException none) {
      return Optional.empty();
    }
  }

  static <T> ObjectNode page(
      Window window,
      Listing<T> listing,
      Function<T, Window.Cursor> cursor,
      Function<T, ObjectNode> shown) {
    var body = ApiJson.object();
    var pagination =
        body.putObject("pagination")
            .put("order_by", "time")
            .put("dir", window.ascending() ? "asc" : "desc")
            .put("limit", window.limit())
            .putNull("next")
            .putNull("prev");
    if (!listing.rows().isEmpty()) {
      if (listing.after()) {
        pagination.put("next", text(cursor.apply(listing.rows().getLast())));
      }
      if (listing.before()) {
        pagination.put("prev", text(cursor.apply(listing.rows().getFirst())));
      }
    }
    var models = body.putArray("models");
    listing.rows().forEach(each -> models.add(shown.apply(each)));
    return body;
  }

  private static String text(Window.Cursor cursor) {
    return new Page.Cursor(cursor.at(), Long.toString(cursor.key())).text();
  }
}
