package io.tidegate.app;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A service behind the log, as users write them: reads requests from a topic, writes replies to
/// another, with 201 and the correlation id.
final class EchoService implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicInteger answered = new AtomicInteger();
  private final String replies;
  private final Thread thread;

  EchoService(String bootstrap, String requests, String replies) {
    this.replies = replies;
    this.consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    var partition = new TopicPartition(requests, 0);
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    this.thread = Thread.ofPlatform().name("echo-service").start(this::run);
  }

  int answered() {
    return answered.get();
  }

  private void run() {
    try {
      while (true) {
        consumer.poll(Duration.ofSeconds(1)).forEach(this::answer);
      }
    } catch (WakeupException closing) {
      consumer.close();
    }
  }

  private void answer(ConsumerRecord<byte[], byte[]> request) {
    var body = "re: " + new String(request.value(), StandardCharsets.UTF_8);
    var reply = new ProducerRecord<>(replies, request.key(), body.getBytes(StandardCharsets.UTF_8));
    reply.headers().add(":status", "201".getBytes(StandardCharsets.UTF_8));
    reply
        .headers()
        .add("zilla:correlation-id", request.headers().lastHeader("zilla:correlation-id").value());
    answered.incrementAndGet();
    var _ = producer.send(reply);
  }

  @Override
  public void close() throws InterruptedException {
    consumer.wakeup();
    thread.join();
    producer.close();
  }
}
