package io.tidegate.view;

import java.util.Optional;

/// The views of one cluster's topics, opened when first asked for and shared by all who ask.
public interface Views extends AutoCloseable {

  /// The view of a topic, at once; it may still be catching up, or find that there is no such
  /// topic.
  TopicView of(String topic);

  /// Empty when every open view follows its topic, else what is wrong with the worst.
  Optional<String> check();

  @Override
  void close();
}
