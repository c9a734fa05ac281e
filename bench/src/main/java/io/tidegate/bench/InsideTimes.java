package io.tidegate.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// How long the product itself says that webhooks took, from the last byte to the reply.
///
/// @param within how many were answered within so many seconds; the last bound is infinite
record InsideTimes(Map<Double, Double> within) {
  private static final Pattern LINE =
      Pattern.compile(
          "tidegate_webhooks_requests_within_total\\{([^}]*)} ([0-9.E+]+)", Pattern.MULTILINE);
  private static final Pattern BOUND = Pattern.compile("le=\"([^\"]+)\"");

  /// What the metrics page on that port says of successes since the process started.
  static InsideTimes read(int port) {
    var page = URI.create("http://127.0.0.1:" + port + "/metrics");
    var request = HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(10)).build();
    try (var client = HttpClient.newHttpClient()) {
      return of(client.send(request, BodyHandlers.ofString()).body());
    } catch (IOException failed) {
      throw new BenchFailure("the metrics at " + page + " cannot be read: " + failed, failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new BenchFailure("interrupted", interrupted);
    }
  }

  static InsideTimes of(String page) {
    var within = new TreeMap<Double, Double>();
    var lines = LINE.matcher(page);
    while (lines.find()) {
      var bound = BOUND.matcher(lines.group(1));
      if (lines.group(1).contains("status=\"2xx\"") && bound.find()) {
        var seconds =
            bound.group(1).equals("+Inf")
                ? Double.POSITIVE_INFINITY
                : Double.parseDouble(bound.group(1));
        within.merge(seconds, Double.parseDouble(lines.group(2)), Double::sum);
      }
    }
    return new InsideTimes(within);
  }

  InsideTimes since(InsideTimes earlier) {
    var difference = new TreeMap<>(within);
    earlier.within.forEach((bound, count) -> difference.merge(bound, -count, Double::sum));
    return new InsideTimes(difference);
  }

  /// The least bound within which that share was answered.
  double atMostMillis(double share) {
    var all = within.getOrDefault(Double.POSITIVE_INFINITY, 0.0);
    return within.entrySet().stream()
            .filter(entry -> entry.getValue() >= all * share)
            .mapToDouble(Map.Entry::getKey)
            .min()
            .orElse(Double.POSITIVE_INFINITY)
        * 1e3;
  }
}
