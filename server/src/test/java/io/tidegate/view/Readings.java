package io.tidegate.view;

import io.tidegate.base.Bytes;
import io.tidegate.log.Header;
import io.tidegate.log.Stored;
import io.tidegate.view.TopicView.Newest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Asks a view and waits for what it says.
final class Readings {
  private Readings() {}

  static CompletableFuture<Newest> ask(TopicView view, Match match) {
    var answer = new CompletableFuture<Newest>();
    view.newest(
        match,
        newest -> {
          if (!answer.complete(newest)) {
            throw new AssertionError("answered twice");
          }
        });
    return answer;
  }

  static Newest newest(TopicView view, Match match) {
    return join(ask(view, match));
  }

  /// The value of a key; `gone` for a tombstone, `none` when there is nothing.
  static String value(TopicView view, String key) {
    return text(newest(view, Match.key(Bytes.utf8(key))));
  }

  static String text(Newest newest) {
    return switch (newest) {
      case Newest.Absent() -> "none";
      case Newest.Unready(var cause) -> "unready: " + cause;
      case Newest.Found(var stored) -> stored.value() == null ? "gone" : stored.value().utf8();
    };
  }

  static CompletableFuture<Seen> scan(TopicView view, Match match) {
    var seen = new CompletableFuture<Seen>();
    var all = new ArrayList<Stored>();
    view.each(
        match,
        new TopicView.Scan() {
          @Override
          public boolean records(List<Stored> batch) {
            all.addAll(batch);
            return true;
          }

          @Override
          public void end(Progress upTo) {
            seen.complete(new Seen(all, upTo, ""));
          }

          @Override
          public void unready(String cause) {
            seen.complete(new Seen(all, Progress.NONE, cause));
          }
        });
    return seen;
  }

  static Seen all(TopicView view, Match match) {
    return join(scan(view, match));
  }

  static List<String> values(TopicView view) {
    return all(view, Match.ALL).records().stream().map(stored -> stored.value().utf8()).toList();
  }

  static Match header(String name, String value) {
    return new Match(List.of(new Match.Clause(null, List.of(Header.of(name, value)))));
  }

  private static <T> T join(CompletableFuture<T> answer) {
    return answer.orTimeout(20, TimeUnit.SECONDS).join();
  }

  record Seen(List<Stored> records, Progress upTo, String unready) {}
}
