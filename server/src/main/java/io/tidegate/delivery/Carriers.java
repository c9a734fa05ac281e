package io.tidegate.delivery;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The threads that carry parcels of a partition, and how that comes to an end: none begins any
/// more, then those that are under way are waited for, then they are cancelled.
///
/// Any thread; under its partition's lock.
final class Carriers {
  private final ReentrantLock lock;
  private final Condition quiet;
  private final Set<Thread> threads = new HashSet<>();
  private boolean stopped;

  /// @param lock the partition's
  Carriers(ReentrantLock lock) {
    this.lock = lock;
    this.quiet = lock.newCondition();
  }

  /// The calling thread carries something from now on. False when that is no longer wanted.
  boolean begin() {
    lock.lock();
    try {
      if (!stopped) {
        threads.add(Thread.currentThread());
      }
      return !stopped;
    } finally {
      lock.unlock();
    }
  }

  /// The calling thread no longer carries anything.
  void end() {
    lock.lock();
    try {
      threads.remove(Thread.currentThread());
      if (threads.isEmpty()) {
        quiet.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Nothing begins any more.
  void stop() {
    lock.lock();
    try {
      stopped = true;
    } finally {
      lock.unlock();
    }
  }

  boolean isStopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for what is on its way. False when that took too long.
  boolean awaitQuiet(Duration limit) throws InterruptedException {
    lock.lock();
    try {
      for (var left = limit.toNanos(); !threads.isEmpty(); ) {
        if (left <= 0) {
          return false;
        }
        left = quiet.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// What is on its way comes to an end as if the receiver had hung up.
  void cancel() {
    lock.lock();
    try {
      threads.forEach(Thread::interrupt);
    } finally {
      lock.unlock();
    }
  }
}
