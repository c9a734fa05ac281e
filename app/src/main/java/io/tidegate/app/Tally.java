package io.tidegate.app;

import java.util.Map;
import java.util.TreeMap;

/// How many requests a receiver got, by path and answer. One at a time (see `Receiver`).
final class Tally {
  private static final int MOST = 1000;
  private static final String OTHERS = "(other paths)";

  private final Map<String, Path> paths = new TreeMap<>();

  /// Of one path.
  private static final class Path {
    final Map<Integer, Integer> answers = new TreeMap<>();
    int requests;
    int again;
    int unverified;
  }

  synchronized void add(Received received) {
    var name = received.request().path();
    var key = paths.containsKey(name) || paths.size() < MOST ? name : OTHERS;
    var path = paths.computeIfAbsent(key, _ -> new Path());
    path.requests++;
    path.again += received.times() > 1 ? 1 : 0;
    path.unverified += received.signature().map(it -> it.verified() ? 0 : 1).orElse(0);
    path.answers.merge(received.answer(), 1, Integer::sum);
  }

  /// A line for each path; empty when nothing came.
  synchronized String text() {
    var out = new StringBuilder();
    paths.forEach((name, path) -> {
      out.append("  %6d  %s".formatted(path.requests, ReceivedText.safe(name, 120)));
      path.answers.forEach((answer, count) ->
          out.append("  %s: %d".formatted(answer == 0 ? "closed" : answer.toString(), count)));
      out.append(path.again == 0 ? "" : "  again: " + path.again);
      out.append(path.unverified == 0 ? "" : "  not verified: " + path.unverified);
      out.append('\n');
    });
    return out.toString();
  }
}
