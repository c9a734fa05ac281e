package io.tidegate.guard;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.base.Secret;
import io.tidegate.base.Time;
import io.tidegate.http.Client;
import io.tidegate.plan.GuardSpec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tokens of an authorization server for what Tidegate itself sends (OAuth 2, client credentials).
/// One is kept for all who ask, and replaced in good time before it ends; one fetch at a time, after
/// failures less and less often. As a judge of callers it accepts nobody.
///
///     none --now--> fetching --> kept --soon over--> kept, fetching --> kept
///                      '--failed--> none, until the pause is over
///
/// Any thread; `now` and `renew` may wait, bounded.
public final class OAuthGuard implements Guard, Credentials, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OAuthGuard.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /// One that was refused when it was younger is not the token's fault.
  private static final Duration YOUNG = Duration.ofSeconds(10);

  private final GuardSpec.OAuth2 spec;
  private final TokenRequest request;
  private final Time time;
  private final MeterRegistry meters;
  private volatile @Nullable Kept kept;
  private @Nullable CompletableFuture<Given> fetching;
  private Given.Missing lastFailure = new Given.Missing("no token has been asked for yet");
  private Duration pause = Duration.ZERO;
  private long failedAt;

  /// @param at nanoseconds, when it came; so are the others: when to replace it, when it is over
  private record Kept(Secret token, long at, long renewAt, long end) {}

  /// @param client for the spec's `outbound`
  /// @throws IllegalArgumentException when the URL of the token server is none
  public OAuthGuard(GuardSpec.OAuth2 spec, Client client, Time time, MeterRegistry meters) {
    this.spec = spec;
    this.request = new TokenRequest(spec, client);
    this.time = time;
    this.meters = meters;
  }

  @Override
  public String name() {
    return spec.name();
  }

  @Override
  public String type() {
    return "oauth2";
  }

  @Override
  public Verdict judge(String credentials) {
    return new Verdict.Rejected("an oauth2 guard gives credentials and judges none");
  }

  @Override
  public Given now() {
    var present = kept;
    var at = time.nanos();
    if (present == null || at - present.end >= 0) {
      return awaited(fetch());
    }
    if (at - present.renewAt >= 0) {
      var _ = fetch();
    }
    return new Given.Here(present.token);
  }

  @Override
  public boolean renew(Secret refused) {
    var present = kept;
    if (present != null && !present.token.equals(refused)) {
      return true;
    }
    if (present != null && time.nanos() - present.at < YOUNG.toNanos()) {
      return false;
    }
    return awaited(fetch()) instanceof Given.Here(var token) && !token.equals(refused);
  }

  private Given awaited(CompletableFuture<Given> answer) {
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      return request.missing("did not answer in time");
    } catch (ExecutionException bug) {
      throw new IllegalStateException(bug.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return request.missing("was not waited for");
    }
  }

  private synchronized CompletableFuture<Given> fetch() {
    if (fetching != null) {
      return fetching;
    }
    if (time.nanos() - failedAt < pause.toNanos()) {
      return CompletableFuture.completedFuture(lastFailure);
    }
    var answer = new CompletableFuture<Given>();
    fetching = answer;
    Thread.ofVirtual().name("token of " + spec.name()).start(() -> fetch(answer));
    return answer;
  }

  private void fetch(CompletableFuture<Given> answer) {
    try {
      var given =
          switch (request.send()) {
            case TokenRequest.Answer.Token(var token, var life) -> keep(token, life);
            case TokenRequest.Answer.None(var why) -> fail(why);
          };
      answer.complete(given);
    } catch (RuntimeException bug) {
      fail(request.missing("could not be asked"));
      answer.completeExceptionally(bug);
    }
  }

  private synchronized Given keep(Secret token, Duration life) {
    var at = time.nanos();
    var early = Math.min(Duration.ofMinutes(1).toNanos(), life.toNanos() / 5);
    var renewAt = at + life.toNanos() - early;
    kept = new Kept(token, at, renewAt, renewAt + early * 4 / 5);
    fetching = null;
    pause = Duration.ZERO;
    count("fetched");
    return new Given.Here(token);
  }

  private synchronized Given fail(Given.Missing why) {
    fetching = null;
    lastFailure = why;
    failedAt = time.nanos();
    var next = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
    pause = next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    count("failed");
    LOG.atWarn().addKeyValue("guard", spec.name()).log("no token: {}", why.why());
    return why;
  }

  private void count(String outcome) {
    meters.counter("tidegate.guard.tokens", "guard", spec.name(), "outcome", outcome).increment();
  }

  /// Forgets the token. The client belongs to whoever made it.
  @Override
  public void close() {
    kept = null;
  }
}
