package io.tidegate.app;

import java.util.List;
import java.util.stream.Collectors;

/// Configurations with event streams.
final class Streams {
  private Streams() {}

  /// `PUT` and `DELETE` of `/TOPIC/ID` on that topic, `GET /feed/ANY` as a stream; on the node
  /// inside.
  static String config(String topic) {
    return config(topic, List.of());
  }

  static String config(String topic, List<String> servers) {
    return """
    name: test
    bindings:
      in_tcp: {type: tcp, kind: server, options: {host: 127.0.0.1, port: 0}, exit: in_http}
      in_http:
        type: http
        kind: server
        routes:
          - when: [{headers: {":path": "/feed/*"}}]
            exit: feed
        exit: map
      feed: {type: sse, kind: server, exit: feed_map}
      feed_map:
        type: sse-kafka
        kind: proxy
        routes:
          - when: [{path: "/feed/{topic}"}]
            with: {topic: "${params.topic}"}
            exit: cache
      map:
        type: http-kafka
        kind: proxy
        routes:
          - when: [{method: PUT, path: "/TOPIC/{id}"}, {method: DELETE, path: "/TOPIC/{id}"}]
            with: {capability: produce, topic: TOPIC, key: "${params.id}"}
            exit: cache
      cache: {type: kafka, kind: cache_client, exit: server}
      server: {type: kafka, kind: cache_server, options: {bootstrap: [TOPIC]}, exit: client}
      client: {type: kafka, kind: client, options: {servers: [SERVERS]}, exit: out}
      out: {type: tcp, kind: client}
    """
        .replace("TOPIC", topic)
        .replace(
            "SERVERS", servers.stream().map(it -> '"' + it + '"').collect(Collectors.joining(",")));
  }
}
