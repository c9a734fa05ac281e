package io.tidegate.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerFailureIT {

  @TempDir Path data;

  @Test
  void aSecondNodeOnTheSameFolderIsToldWhoHoldsIt() {
    try (var first = start()) {
      assertThatThrownBy(this::start)
          .isInstanceOf(BrokerFailure.class)
          .hasMessage(
              "data folder %s is in use by process %d: stop that one first, or choose another folder with --data"
                  .formatted(data, ProcessHandle.current().pid()));
      assertThat(first.isRunning()).isTrue();
    }
  }

  @Test
  void aRefusedSecondNodeDoesNotLoosenTheLockOfTheFirst() throws Exception {
    try (var first = start()) {
      assertThatThrownBy(this::start).isInstanceOf(BrokerFailure.class);

      try (var child = ChildNode.spawn("hold", data)) {
        assertThat(child.awaitLine("data folder"))
            .contains("is in use by process " + ProcessHandle.current().pid());
      }
      assertThat(first.isRunning()).isTrue();
    }
  }

  @Test
  void anotherProcessOnTheFolderIsNamed() throws Exception {
    try (var child = ChildNode.spawn("hold", data)) {
      child.awaitLine("ready");

      assertThatThrownBy(this::start)
          .isInstanceOf(BrokerFailure.class)
          .hasMessageContaining("is in use by process " + child.pid());
    }
  }

  @Test
  void aPortThatWasAskedForAndIsTakenIsRefused() throws IOException {
    try (var other = listen(0)) {
      var port = other.getLocalPort();

      assertThatThrownBy(() -> EmbeddedBroker.start(BrokerOptions.in(data).withPort(port)))
          .isInstanceOf(BrokerFailure.class)
          .hasMessage(
              "port %d on 127.0.0.1, asked for the embedded Kafka, cannot be had (Address already in use): stop what listens there, or ask for another port"
                  .formatted(port));
    }
  }

  @Test
  void aDiskWithoutRoomIsRefused() {
    assertThatThrownBy(
            () -> EmbeddedBroker.start(BrokerOptions.in(data).withWatermarkBytes(4L << 60)))
        .isInstanceOf(BrokerFailure.class)
        .hasMessageStartingWith("the disk of data folder " + data + " is full (")
        .hasMessageEndingWith(
            " MiB free, the start needs 1099511627776 MiB): make space, or choose another folder with --data");
  }

  @Test
  void aFolderThatCannotBeMadeIsRefused() throws IOException {
    var file = Files.createFile(data.resolve("file"));

    assertThatThrownBy(() -> EmbeddedBroker.start(BrokerOptions.in(file.resolve("data"))))
        .isInstanceOf(BrokerFailure.class)
        .hasMessageStartingWith("data folder " + file.resolve("data") + " cannot be written (")
        .hasMessageEndingWith("give this user write access, or choose another folder with --data");
  }

  @Test
  void aFolderWithACommaIsRefused() {
    assertThatThrownBy(() -> EmbeddedBroker.start(BrokerOptions.in(data.resolve("a,b"))))
        .isInstanceOf(BrokerFailure.class)
        .hasMessageContaining("has a comma in its name");
  }

  @Test
  void aFolderOfANewerVersionIsRefused() throws IOException {
    Files.writeString(data.resolve("tidegate.properties"), "format=2\n");

    assertThatThrownBy(this::start)
        .isInstanceOf(BrokerFailure.class)
        .hasMessage(
            "data folder %s was written by a newer version (data format 2, this one reads up to 1): run that version, or choose another folder with --data"
                .formatted(data));
  }

  @Test
  void aFolderOfANewerKafkaIsRefused() throws IOException {
    Files.writeString(
        data.resolve("tidegate.properties"), "format=1\nkafka.metadata.version=9999\n");

    assertThatThrownBy(this::start)
        .isInstanceOf(BrokerFailure.class)
        .hasMessageContaining("was written by a newer version (Kafka metadata level 9999,");
  }

  @Test
  void brokenFactsAreNamed() throws IOException {
    var facts = Files.writeString(data.resolve("tidegate.properties"), "format=one\n");

    assertThatThrownBy(this::start)
        .isInstanceOf(BrokerFailure.class)
        .hasMessage(
            "%s is broken (format is not a number): restore it from a backup, or choose another folder with --data"
                .formatted(facts));
  }

  @Test
  void aMetaFileOfANewerKafkaIsRefused() throws IOException {
    meta("version=2\ncluster.id=x\nnode.id=1\n");

    assertThatThrownBy(this::start)
        .isInstanceOf(BrokerFailure.class)
        .hasMessageContaining("newer version (meta.properties 2, this one reads up to 1)");
  }

  @Test
  void garbageInTheMetaFileIsNamed() throws IOException {
    var meta = meta("\u0000\u0001\u0002 nonsense \\u00zz");

    assertThatThrownBy(this::start)
        .isInstanceOf(BrokerFailure.class)
        .hasMessageStartingWith(meta + " is broken (");
  }

  @Test
  void aMetaFileOfAnotherNodeIsNamed() throws IOException {
    var meta = meta("version=1\ncluster.id=x\nnode.id=7\n");

    assertThatThrownBy(this::start)
        .isInstanceOf(BrokerFailure.class)
        .hasMessageStartingWith(meta + " is broken (it is not of this node)");
  }

  @Test
  void recordsWithoutTheirMetaFileAreNotFormattedOver() throws IOException {
    var log = Files.createDirectories(data.resolve("kafka/orders-0")).resolve("0.log");
    Files.writeString(log, "records");

    assertThatThrownBy(this::start)
        .isInstanceOf(BrokerFailure.class)
        .hasMessageContaining(
            "meta.properties is broken (it is missing, and the folder is not empty)");
    assertThat(log).hasContent("records");
  }

  private Path meta(String text) throws IOException {
    var folder = Files.createDirectories(data.resolve("kafka"));
    return Files.writeString(folder.resolve("meta.properties"), text);
  }

  private Broker start() {
    return EmbeddedBroker.start(BrokerOptions.in(data).withPort(0));
  }

  private static ServerSocket listen(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"));
  }
}
