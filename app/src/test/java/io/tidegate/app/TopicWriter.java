package io.tidegate.app;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Puts a record on a topic, as any program would.
final class TopicWriter {
  private TopicWriter() {}

  /// Returns when it is stored.
  static void write(String bootstrap, String topic, String key, String value)
      throws ExecutionException, InterruptedException {
    var serializer = new ByteArraySerializer();
    Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap);
    try (var producer = new KafkaProducer<>(settings, serializer, serializer)) {
      producer.send(new ProducerRecord<>(topic, bytes(key), bytes(value))).get();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
