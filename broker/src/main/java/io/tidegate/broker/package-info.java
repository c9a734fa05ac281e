/// A real Apache Kafka node (KRaft, broker and controller in one) inside this process, on loopback.
///
/// Start reading at `EmbeddedBroker`. The only module that sees the broker's jars; whoever uses it
/// sees `Broker` and speaks to it with Kafka clients. May use: nothing of ours.
@NullMarked
package io.tidegate.broker;

import org.jspecify.annotations.NullMarked;
