package io.tidegate.admin;

import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.ledger.Granularity;
import io.tidegate.ledger.Metrics;
import io.tidegate.ledger.MetricsQuery;
import io.tidegate.ledger.MetricsQuery.Dimension;
import io.tidegate.ledger.MetricsQuery.Subject;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/metrics/events` and `/api/v1/metrics/attempts`: what happened, counted. Straight-line
/// code for virtual threads.
///
///     ?time[start]&time[end]&granularity=5m&measures=count&measures=error_rate&dimensions=topic
///     &filters[destination_id]=…
final class MetricsApi {
  private static final double MILLION = 1e6;

  private MetricsApi() {}

  static Reply events(OutboxCall call) {
    return answer(call, Subject.EVENTS);
  }

  static Reply attempts(OutboxCall call) {
    return answer(call, Subject.ATTEMPTS);
  }

  private static Reply answer(OutboxCall call, Subject subject) {
    var measures = measures(call, subject);
    var query = query(call, subject);
    var begun = call.parts().time().nanos();
    var metrics =
        query.from().isBefore(query.to())
            ? call.ledger().metrics(query)
            : new Metrics(List.of(), false); // it was another tenant's time
    var millis = Math.round((call.parts().time().nanos() - begun) / MILLION);
    var body = ApiJson.object();
    var data = body.putArray("data");
    metrics.points().forEach(point -> data.add(shown(point, query, measures)));
    var metadata = body.putObject("metadata");
    query.granularity().ifPresent(each -> metadata.put("granularity", each.toString()));
    metadata.put("query_time_ms", millis).put("row_count", metrics.points().size());
    metadata.put("row_limit", Metrics.MOST_POINTS).put("truncated", metrics.isTruncated());
    return ApiJson.reply(200, body);
  }

  private static List<Measure> measures(OutboxCall call, Subject subject) {
    var measures =
        LedgerForm.words(call, "measures").stream()
            .distinct()
            .map(word ->
                Measure.of(word, subject)
                    .orElseThrow(() -> malformed("measures: there is no " + word)))
            .toList();
    if (measures.isEmpty()) {
      throw malformed("measures: at least one is required");
    }
    return measures;
  }

  private static MetricsQuery query(OutboxCall call, Subject subject) {
    var from = moment(call, "time[start]");
    var to = moment(call, "time[end]");
    if (!from.isBefore(to)) {
      throw malformed("time[start] must be before time[end]");
    }
    var dimensions =
        LedgerForm.words(call, "dimensions").stream()
            .distinct()
            .map(word -> dimension(word, subject))
            .toList();
    var filters = filters(call, subject);
    if (call.tenant().isPresent()) {
      if (dimensions.contains(Dimension.TENANT) || filters.containsKey(Dimension.TENANT)) {
        throw Problem.of(403, "forbidden", "tenant_id is for the operator").refuse();
      }
      filters.put(Dimension.TENANT, List.of(call.tenant().get()));
    }
    var since = Instant.ofEpochMilli(call.since());
    var query =
        new MetricsQuery(
            subject,
            LedgerForm.earlier(LedgerForm.later(from, since), to),
            to,
            granularity(call),
            dimensions,
            filters);
    if (query.buckets() > MetricsQuery.MOST_BUCKETS) {
      throw malformed("granularity: more than " + MetricsQuery.MOST_BUCKETS + " buckets");
    }
    return query;
  }

  private static Instant moment(OutboxCall call, String name) {
    return call.values(name).stream()
        .findFirst()
        .map(text -> LedgerForm.moment(name, text))
        .orElseThrow(() -> malformed(name + " is required"));
  }

  private static Optional<Granularity> granularity(OutboxCall call) {
    return call.values("granularity").stream()
        .filter(text -> !text.isEmpty())
        .findFirst()
        .map(text ->
            Granularity.parse(text)
                .orElseThrow(() ->
                    malformed(
                        "granularity: 1-60s, 1-60m, 1-24h, 1-31d, 1-4w or 1-12M was expected")));
  }

  private static Dimension dimension(String word, Subject subject) {
    return Arrays.stream(Dimension.values())
        .filter(each -> each.word().equals(word) && each.isOf(subject))
        .findFirst()
        .orElseThrow(() -> malformed("dimensions: there is no " + word));
  }

  private static Map<Dimension, List<String>> filters(OutboxCall call, Subject subject) {
    var filters = new EnumMap<Dimension, List<String>>(Dimension.class);
    for (var dimension : Dimension.values()) {
      var values = LedgerForm.wanted(call, "filters[" + dimension.word() + "]");
      if (!values.isEmpty() && dimension.isOf(subject)) {
        filters.put(dimension, values);
      }
    }
    return filters;
  }

  private static Problem.Refusal malformed(String what) {
    return Problem.of(400, "malformed", what).refuse();
  }

  private static ObjectNode shown(Metrics.Point point, MetricsQuery query, List<Measure> measures) {
    var body = ApiJson.object();
    point.bucket().ifPresent(bucket -> body.put("time_bucket", bucket.toString()));
    var dimensions = body.putObject("dimensions");
    for (int i = 0; i < query.dimensions().size(); i++) {
      dimensions.put(query.dimensions().get(i).word(), point.dimensions().get(i));
    }
    var metrics = body.putObject("metrics");
    measures.forEach(measure -> measure.write(point, metrics));
    return body;
  }
}
