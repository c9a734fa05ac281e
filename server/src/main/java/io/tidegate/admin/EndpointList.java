package io.tidegate.admin;

import io.tidegate.admin.Page.Cursor;
import io.tidegate.inbox.RegisteredEndpoint;
import io.tidegate.registry.Registry;
import io.tidegate.registry.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Pages of endpoints by the time when they were made. Each page looks at all of them once and
/// keeps the few that it shows: no index to maintain, and milliseconds for a hundred thousand.
record EndpointList(Registry<RegisteredEndpoint> registry) {
  private static final Comparator<Snapshot<RegisteredEndpoint>> ORDER =
      Comparator.<Snapshot<RegisteredEndpoint>>comparingLong(each -> each.created().toEpochMilli())
          .thenComparing(each -> EndpointHandles.of(each.id()));

  /// @param before whether something comes before the page, and `after` it
  record Found(List<Snapshot<RegisteredEndpoint>> page, boolean before, boolean after) {}

  Found find(Page page) {
    var rising = page.ascending() != page.backwards();
    var order = rising ? ORDER : ORDER.reversed();
    var nearest = new PriorityQueue<Snapshot<RegisteredEndpoint>>(order.reversed());
    var skipped = false;
    for (var each : registry.all()) {
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
    found.sort(page.ascending() ? ORDER : ORDER.reversed());
    return page.backwards() ? new Found(found, more, skipped) : new Found(found, skipped, more);
  }

  private static boolean isBeyond(
      Cursor cursor, Snapshot<RegisteredEndpoint> each, boolean ascending) {
    var compared = Long.compare(each.created().toEpochMilli(), cursor.at());
    if (compared == 0) {
      compared = EndpointHandles.of(each.id()).compareTo(cursor.id());
    }
    return ascending ? compared > 0 : compared < 0;
  }

  static Cursor cursor(Snapshot<RegisteredEndpoint> each) {
    return new Cursor(each.created().toEpochMilli(), EndpointHandles.of(each.id()));
  }
}
