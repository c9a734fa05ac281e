package io.tidegate.bridge;

import io.tidegate.view.Event;

/// How events are written down for one kind of reader. Stateless; any thread.
sealed interface EventText permits SseText, JsonLines {

  String contentType();

  void write(Event event, Octets out);

  /// Nothing, said so that intermediaries see that the stream lives.
  String heartbeat();

  /// Words for people, which programs pass over.
  String comment(String words);

  /// An event that is not in the topic.
  ///
  /// @param data JSON in one line
  String event(String type, String data);

  /// What a reader should wait before it comes back; empty where that cannot be said.
  String retry(long millis);
}
