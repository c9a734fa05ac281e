package io.tidegate.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Up to three Tidegates, each a process with a folder of its own, that share one consumer group.
final class SoakFleet implements AutoCloseable {
  private static final int SIZE = 3;
  private static final int HEAP_MIB = 256;

  /// A group misses a silent member after six seconds.
  private static final Duration HELD_UP = Duration.ofSeconds(9);

  private final Path folder;
  private final Path config;
  private final List<Member> members = new ArrayList<>();
  private int starts;

  /// @param number from 1, also the name of its folder
  private record Member(int number, ChildProcess process) {}

  SoakFleet(Path folder, String config) throws IOException {
    this.folder = folder;
    this.config = Files.writeString(folder.resolve("zilla.yaml"), config);
  }

  int size() {
    return members.size();
  }

  boolean isWhole() {
    return members.size() == SIZE;
  }

  /// Starts one more. Does not wait until it serves.
  String join() throws IOException {
    var number = 1;
    while (holds(number)) {
      number++;
    }
    var arguments =
        List.of(
            "up",
            config.toString(),
            "--data",
            folder.resolve("tidegate-" + number).toString(),
            "--admin",
            "off",
            "--create-topics");
    var output = folder.resolve("tidegate-" + number + "-" + ++starts + ".out");
    members.add(new Member(number, ChildProcess.start(Main.class, output, HEAP_MIB, arguments)));
    return "#" + number;
  }

  private boolean holds(int number) {
    return members.stream().anyMatch(member -> member.number == number);
  }

  String kill(Random random) throws InterruptedException {
    var member = members.remove(random.nextInt(members.size()));
    member.process.kill();
    return "#" + member.number;
  }

  /// Stops one in its tracks for longer than the group waits for it, and lets it go on then: it
  /// does not know that others have its partitions.
  String holdUp(Random random) throws IOException, InterruptedException {
    var member = members.get(random.nextInt(members.size()));
    member.process.holdUp(true);
    Thread.sleep(HELD_UP);
    member.process.holdUp(false);
    return "#" + member.number;
  }

  /// Lets one end in an orderly way.
  String leave(Random random) throws InterruptedException {
    var member = members.remove(random.nextInt(members.size()));
    return "#" + member.number + (member.process.stop() ? "" : ", which did not end by itself");
  }

  /// Those that have ended without having been told to.
  List<String> fallen() {
    return members.stream()
        .filter(member -> !member.process.isAlive())
        .map(member -> "#" + member.number)
        .toList();
  }

  @Override
  public void close() throws InterruptedException {
    for (var member : members) {
      member.process.close();
    }
  }
}
