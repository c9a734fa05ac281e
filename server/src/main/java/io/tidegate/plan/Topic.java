package io.tidegate.plan;

import java.util.Set;

/// A topic that the configuration names outright (templates are known only when a request comes).
///
/// @param compacted how it is created where Tidegate creates topics
/// @param viewed some route or the `bootstrap` list reads it, so that it is kept ready
/// @param live a view of which nothing is on disk begins at the end of the topic
/// @param indexedHeaders names of the record headers that filters ask for
/// @param namedBy the binding that named it first, for messages
public record Topic(
    String cluster,
    String name,
    boolean compacted,
    boolean viewed,
    boolean live,
    Set<String> indexedHeaders,
    String namedBy) {
  public Topic {
    indexedHeaders = Set.copyOf(indexedHeaders);
  }
}
