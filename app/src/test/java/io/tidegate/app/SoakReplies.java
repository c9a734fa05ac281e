package io.tidegate.app;

import io.tidegate.app.DeliveryHistory.Item;
import io.tidegate.app.DeliveryHistory.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Reads from the reply topic what was told about each record.
final class SoakReplies {
  static final String CORRELATION = "zilla:correlation-id";

  private static final String STATUS = ":status";
  private static final String ATTEMPT = "zilla:attempt";

  private SoakReplies() {}

  static String correlation(Item item) {
    return item.number() + " of " + item.key();
  }

  static List<Reply> all(String bootstrap, String topic, Witness witness) {
    return TopicReader.all(bootstrap, topic).stream()
        .map(record -> reply(record, witness))
        .toList();
  }

  private static Reply reply(ConsumerRecord<byte[], byte[]> record, Witness witness) {
    var correlation = header(record, CORRELATION).split(" of ", 2);
    var item = new Item(correlation[1], Integer.parseInt(correlation[0]));
    return new Reply(
        item,
        number(record, STATUS),
        number(record, ATTEMPT),
        witness.sinceStart(Instant.ofEpochMilli(record.timestamp())));
  }

  private static int number(ConsumerRecord<byte[], byte[]> record, String name) {
    var text = header(record, name);
    return text.isEmpty() ? 0 : Integer.parseInt(text);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }
}
