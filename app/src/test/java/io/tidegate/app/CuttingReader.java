package io.tidegate.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/// A client of an event stream by the book, over a socket that it cuts at random, in the middle of
/// whatever is coming; it comes back to any instance with the id of the last event it had whole.
final class CuttingReader implements Runnable {
  private final AtomicReferenceArray<URI> instances;
  private final Random random;
  private final List<String> data = new ArrayList<>();
  private String lastId = "";
  private int connections;
  private volatile boolean stopped;

  CuttingReader(AtomicReferenceArray<URI> instances, Random random) {
    this.instances = instances;
    this.random = random;
  }

  @Override
  public void run() {
    while (!stopped) {
      var instance = instances.get(random.nextInt(instances.length()));
      if (instance == null) {
        LockSupport.parkNanos(1_000_000);
        continue;
      }
      try (var socket = new Socket(instance.getHost(), instance.getPort())) {
        connections++;
        readUntilCut(socket, instance);
      } catch (IOException gone) {
        LockSupport.parkNanos(10_000_000);
      }
    }
  }

  private void readUntilCut(Socket socket, URI instance) throws IOException {
    var request =
        "GET "
            + instance.getPath()
            + " HTTP/1.0\r\nhost: test\r\n"
            + (lastId.isEmpty() ? "" : "last-event-id: " + lastId + "\r\n")
            + "\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    socket.setSoTimeout(500);
    var in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 512);
    var status = in.readLine();
    if (status == null || !status.contains(" 200 ")) {
      return;
    }
    for (var line = in.readLine(); line != null && !line.isEmpty(); ) {
      line = in.readLine();
    }
    readEvents(in, System.nanoTime() + 50_000_000L + random.nextInt(1_500) * 1_000_000L);
  }

  private void readEvents(BufferedReader in, long cutAt) throws IOException {
    var id = lastId;
    var lines = new ArrayList<String>();
    while (!stopped && System.nanoTime() < cutAt) {
      var line = in.readLine();
      if (line == null) {
        return;
      }
      if (line.startsWith("id:")) {
        id = line.substring(3);
      } else if (line.startsWith("data:")) {
        lines.add(line.substring(5));
      } else if (line.isEmpty()) {
        lastId = id;
        if (!lines.isEmpty()) {
          add(String.join("\n", lines));
          lines.clear();
        }
      }
    }
  }

  private synchronized void add(String event) {
    data.add(event);
  }

  synchronized int count() {
    return data.size();
  }

  int connections() {
    return connections;
  }

  void stop() {
    stopped = true;
  }

  /// What was read, by the partition that each value begins with.
  synchronized List<List<String>> byPartition(int partitions) {
    var values = new ArrayList<List<String>>();
    for (int i = 0; i < partitions; i++) {
      values.add(new ArrayList<>());
    }
    data.forEach(
        value -> values.get(Integer.parseInt(value.substring(0, value.indexOf(' ')))).add(value));
    return values;
  }
}
