package io.tidegate.files;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The threads that read files. Few, since a disk is one; and with a short queue, since whoever
/// waits longer is better told to come back.
public final class FileWorkers {
  private static final int THREADS = 4;
  private static final int LONGEST_QUEUE = 1024;

  private FileWorkers() {}

  /// Threads come with the first file and go when there is nothing to read for a while.
  public static ExecutorService open() {
    var pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(LONGEST_QUEUE),
            Thread.ofPlatform().daemon().name("files-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
