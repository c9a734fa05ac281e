package io.tidegate.targets;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.ShutdownSignalException;
import io.tidegate.outbox.Undelivered;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the broker says about messages of one channel. It returns one that no queue takes before it
/// confirms it.
///
///     expect --returned?--> acknowledged | refused | channel over
final class RabbitConfirms {
  private final RabbitSite site;
  private final ConcurrentSkipListMap<Long, Confirm> expected = new ConcurrentSkipListMap<>();
  private final Set<String> returned = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Undelivered end;

  RabbitConfirms(RabbitSite site) {
    this.site = site;
  }

  /// One message.
  static final class Confirm {
    private final String id;
    private final CompletableFuture<Optional<Undelivered>> outcome = new CompletableFuture<>();

    private Confirm(String id) {
      this.id = id;
    }

    void await(Duration limit, Supplier<Undelivered> late)
        throws Undelivered, InterruptedException {
      Optional<Undelivered> no;
      try {
        no = outcome.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException over) {
        throw late.get();
      } catch (ExecutionException never) {
        throw new IllegalStateException(never.getCause());
      }
      if (no.isPresent()) {
        throw no.get();
      }
    }
  }

  Confirm expect(long sequence, String id) {
    var confirm = new Confirm(id);
    expected.put(sequence, confirm);
    var over = end;
    if (over != null) {
      confirm.outcome.complete(Optional.of(over));
    }
    return confirm;
  }

  void returned(BasicProperties properties) {
    if (properties.getMessageId() != null) {
      returned.add(properties.getMessageId());
    }
  }

  void acknowledged(long sequence, boolean multiple) {
    settle(sequence, multiple, Optional.empty());
  }

  void refused(long sequence, boolean multiple) {
    settle(
        sequence,
        multiple,
        Optional.of(Undelivered.failed("unavailable", "the broker could not take the message")));
  }

  private void settle(long sequence, boolean multiple, Optional<Undelivered> outcome) {
    if (!multiple) {
      settle(expected.remove(sequence), outcome);
      return;
    }
    for (var entry = expected.firstEntry();
        entry != null && entry.getKey() <= sequence;
        entry = expected.firstEntry()) {
      settle(expected.remove(entry.getKey()), outcome);
    }
  }

  private void settle(@Nullable Confirm confirm, Optional<Undelivered> outcome) {
    if (confirm == null) {
      return;
    }
    boolean back = returned.remove(confirm.id);
    confirm.outcome.complete(back ? Optional.of(unroutable()) : outcome);
  }

  private Undelivered unroutable() {
    return Undelivered.failed(
        "unroutable",
        site.exchange().isEmpty()
            ? "there is no queue of the topic's name"
            : "no queue takes what the exchange " + site.exchange() + " gets with that topic");
  }

  void over(ShutdownSignalException cause) {
    var fault = RabbitFaults.of(site, cause);
    end = fault;
    expected.values().forEach(each -> each.outcome.complete(Optional.of(fault)));
    expected.clear();
  }
}
