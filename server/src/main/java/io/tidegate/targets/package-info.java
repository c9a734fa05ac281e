/// Types of destinations that need a library of their own: Kafka clusters and RabbitMQ brokers of
/// strangers.
///
/// Start reading at `KafkaType` and `RabbitType`; `JudgedNames` is how addresses are held to the
/// rules. May use: base, http, registry, delivery, outbox. Speaks: Kafka's client, AMQP.
@NullMarked
package io.tidegate.targets;

import org.jspecify.annotations.NullMarked;
