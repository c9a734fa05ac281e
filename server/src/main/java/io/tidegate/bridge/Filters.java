package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.log.Header;
import io.tidegate.plan.KafkaMapping;
import io.tidegate.view.Match;
import java.util.ArrayList;
import java.util.List;

/// What the filters of a route mean for one request.
final class Filters {
  private Filters() {}

  static Match match(List<KafkaMapping.Filter> filters, RequestScope scope) {
    if (filters.isEmpty()) {
      return Match.ALL;
    }
    var clauses = new ArrayList<Match.Clause>(filters.size());
    for (var filter : filters) {
      var headers = new ArrayList<Header>(filter.headers().size());
      for (var header : filter.headers()) {
        headers.add(Header.of(header.name(), header.value().render(scope)));
      }
      var key = filter.key().isPresent() ? Bytes.utf8(filter.key().get().render(scope)) : null;
      clauses.add(new Match.Clause(key, headers));
    }
    return new Match(clauses);
  }
}
