package io.tidegate.app;

import io.tidegate.broker.BrokerOptions;
import io.tidegate.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// A Kafka in a process of its own that several Tidegates share, and that goes away now and then.
/// It comes back at the same address with the same data.
final class SoakBroker implements AutoCloseable {
  private final Path folder;
  private ChildProcess process;
  private final String bootstrap;

  SoakBroker(Path folder) throws IOException {
    this.folder = folder;
    this.process = start();
    this.bootstrap = address();
  }

  private ChildProcess start() throws IOException {
    return ChildProcess.start(
        SoakBroker.class,
        folder.resolve("broker.out"),
        384,
        List.of(folder.resolve("broker").toString()));
  }

  private String address() {
    return process.awaitOutput(Pattern.compile("ready at (\\S+)\\n"));
  }

  String bootstrap() {
    return bootstrap;
  }

  void restart() throws Exception {
    process.stop();
    process = start();
    check(address());
  }

  void killAndStart() throws Exception {
    process.kill();
    process = start();
    check(address());
  }

  private void check(String address) {
    if (!address.equals(bootstrap)) {
      throw new IllegalStateException("the broker was at " + bootstrap + ", now at " + address);
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.close();
  }

  static void main(String[] args) throws InterruptedException {
    var options =
        BrokerOptions.in(Path.of(args[0])).withPort(0).withOnFatal(fault -> System.exit(3));
    var broker = EmbeddedBroker.start(options);
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
    System.out.println("ready at " + broker.bootstrap());
    Thread.currentThread().join();
  }
}
