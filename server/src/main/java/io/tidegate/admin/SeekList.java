package io.tidegate.admin;

import io.tidegate.admin.Page.Cursor;
import io.tidegate.registry.Snapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import tools.jackson.databind.node.ObjectNode;

/// Pages of things by the time when they were made. Each page looks at all of them once and keeps
/// the few that it shows: no index to maintain, and milliseconds for a hundred thousand.
///
/// @param made milliseconds since 1970
/// @param name what callers call it
record SeekList<T>(
    Collection<Snapshot<T>> all,
    ToLongFunction<Snapshot<T>> made,
    Function<Snapshot<T>, String> name) {

  /// @param before whether something comes before the page, and `after` it
  record Found<T>(List<Snapshot<T>> page, boolean before, boolean after) {}

  Found<T> find(Page page) {
    var usual = Comparator.comparingLong(made).thenComparing(name);
    var rising = page.ascending() != page.backwards();
    var order = rising ? usual : usual.reversed();
    var nearest = new PriorityQueue<Snapshot<T>>(order.reversed());
    var skipped = false;
    for (var each : all) {
      if (page.cursor().isPresent() && !isBeyond(page.cursor().get(), each, rising)) {
        skipped = true;
      } else {
        nearest.add(each);
        if (nearest.size() > page.limit() + 1) {
          nearest.poll();
        }
      }
    }
    var more = nearest.size() > page.limit();
    if (more) {
      nearest.poll();
    }
    var found = new ArrayList<>(nearest);
    found.sort(page.ascending() ? usual : usual.reversed());
    return page.backwards() ? new Found<>(found, more, skipped) : new Found<>(found, skipped, more);
  }

  private boolean isBeyond(Cursor cursor, Snapshot<T> each, boolean ascending) {
    var compared = Long.compare(made.applyAsLong(each), cursor.at());
    if (compared == 0) {
      compared = name.apply(each).compareTo(cursor.id());
    }
    return ascending ? compared > 0 : compared < 0;
  }

  /// The page's things by `shown`, and where its neighbours begin.
  ObjectNode write(Page page, Function<Snapshot<T>, ObjectNode> shown) {
    var found = find(page);
    var body = ApiJson.object();
    var pagination =
        body.putObject("pagination")
            .put("order_by", "created_at")
            .put("dir", page.ascending() ? "asc" : "desc")
            .put("limit", page.limit())
            .putNull("next")
            .putNull("prev");
    if (!found.page().isEmpty()) {
      if (found.after()) {
        pagination.put("next", cursor(found.page().getLast()));
      }
      if (found.before()) {
        pagination.put("prev", cursor(found.page().getFirst()));
      }
    }
    var models = body.putArray("models");
    found.page().forEach(each -> models.add(shown.apply(each)));
    return body;
  }

  private String cursor(Snapshot<T> each) {
    return new Cursor(made.applyAsLong(each), name.apply(each)).text();
  }
}
